using System.Globalization;
using System.Text;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Playback.Packaging;
using TgVault.Core.Videos;

namespace TgVault.Core.Playback.Hls;

/// <summary>
/// The playlist that lists what there is to choose from (RFC 8216 §4.3.4): pictures per rendition, sound and captions apart. Sound in different
/// codecs is in groups of its own, so that CODECS is true of every variant.
/// </summary>
public static class MultivariantPlaylist
{
    public const string ContentType = "application/vnd.apple.mpegurl";

    /// <param name="renditions">At least one; the first is the original.</param>
    /// <param name="captions">May be empty.</param>
    public static string Write(IReadOnlyList<Rendition> renditions, IReadOnlyList<CaptionTrack> captions)
    {
        var text = new StringBuilder("#EXTM3U\n#EXT-X-VERSION:7\n");
        if (renditions.All(rendition => rendition.Index.HasIndependentSegments))
            text.Append("#EXT-X-INDEPENDENT-SEGMENTS\n");
        var original = renditions[0];
        var sounds = AudioTracks(original.Index).GroupBy(track => original.Index.Tracks[track].Codec).ToList();
        var hasVideo = original.Index.Tracks[0].Kind == MediaTrackKind.Video;
        // A lone sound track without pictures is the variant itself.
        if (hasVideo || original.Index.Tracks.Length > 1)
        {
            foreach (var group in sounds)
                WriteSounds(text, original, [.. group]);
        }

        WriteCaptions(text, captions);
        foreach (var rendition in renditions.Where(rendition => rendition.Index.Tracks[0].Kind == MediaTrackKind.Video))
        {
            foreach (var group in sounds)
                WriteVariant(text, rendition, original.Index, group.Key, [.. group], captions.Count > 0);
            if (sounds.Count == 0)
                WriteVariant(text, rendition, original.Index, null, [], captions.Count > 0);
            WritePictures(text, rendition);
        }

        if (!hasVideo)
        {
            foreach (var group in sounds)
                WriteSoundVariant(text, original, group.Key, [.. group], original.Index.Tracks.Length > 1, captions.Count > 0);
        }

        return text.ToString();
    }

    static IEnumerable<int> AudioTracks(Mp4Index index) =>
        Enumerable.Range(0, index.Tracks.Length).Where(track => index.Tracks[track].Kind == MediaTrackKind.Audio);

    static void WriteSounds(StringBuilder text, Rendition rendition, int[] tracks)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var number in tracks)
        {
            var track = rendition.Index.Tracks[number];
            var language = LanguageTag.From(track.Language);
            var name = Quotable(track.Name.Length > 0 ? track.Name : language ?? "Audio");
            // Names within a group must differ (RFC 8216 §4.3.4.1.1).
            if (!names.Add(name))
                names.Add(name = FormattableString.Invariant($"{name} {number}"));
            text.Append(CultureInfo.InvariantCulture, $"#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"{track.Codec}\",NAME=\"{name}\"");
            if (language is not null)
                text.Append(CultureInfo.InvariantCulture, $",LANGUAGE=\"{Quotable(language)}\"");
            text.Append(number == tracks[0] ? ",DEFAULT=YES" : ",DEFAULT=NO").Append(",AUTOSELECT=YES");
            if (track.Channels > 0)
                text.Append(CultureInfo.InvariantCulture, $",CHANNELS=\"{track.Channels}\"");
            text.Append(CultureInfo.InvariantCulture, $",URI=\"{PlaylistOf(rendition, number)}\"\n");
        }
    }

    static void WriteCaptions(StringBuilder text, IReadOnlyList<CaptionTrack> captions)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var caption in captions)
        {
            var name = Quotable(caption.Name);
            if (!names.Add(name))
                names.Add(name = $"{name} ({caption.Language})");
            text.Append(
                    CultureInfo.InvariantCulture,
                    $"#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"captions\",NAME=\"{name}\",LANGUAGE=\"{Quotable(caption.Language)}\""
                )
                .Append(CultureInfo.InvariantCulture, $",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI=\"{caption.PlaylistUri}\"\n");
        }
    }

    static void WriteVariant(StringBuilder text, Rendition rendition, Mp4Index sound, string? group, int[] tracks, bool hasCaptions)
    {
        var rate = BitRate.Of(rendition.Index, 0) + Loudest(sound, tracks);
        text.Append("#EXT-X-STREAM-INF:");
        WriteRate(text, rate, group is null ? rendition.Index.Tracks[0].Codec : $"{rendition.Index.Tracks[0].Codec},{group}");
        WritePictureFormat(text, rendition.Index.Tracks[0]);
        text.Append(CultureInfo.InvariantCulture, $",FRAME-RATE={rendition.Index.Tracks[0].FrameRate:F3}");
        if (group is not null)
            text.Append(CultureInfo.InvariantCulture, $",AUDIO=\"{group}\"");
        if (hasCaptions)
            text.Append(",SUBTITLES=\"captions\"");
        text.Append(CultureInfo.InvariantCulture, $",CLOSED-CAPTIONS=NONE\n{PlaylistOf(rendition, 0)}\n");
    }

    static void WriteSoundVariant(StringBuilder text, Rendition rendition, string codec, int[] tracks, bool grouped, bool hasCaptions)
    {
        text.Append("#EXT-X-STREAM-INF:");
        WriteRate(text, Loudest(rendition.Index, tracks), codec);
        if (grouped)
            text.Append(CultureInfo.InvariantCulture, $",AUDIO=\"{codec}\"");
        if (hasCaptions)
            text.Append(",SUBTITLES=\"captions\"");
        text.Append(CultureInfo.InvariantCulture, $"\n{PlaylistOf(rendition, tracks[0])}\n");
    }

    static void WritePictures(StringBuilder text, Rendition rendition)
    {
        text.Append("#EXT-X-I-FRAME-STREAM-INF:");
        WriteRate(text, BitRate.OfPictures(rendition.Index), rendition.Index.Tracks[0].Codec);
        WritePictureFormat(text, rendition.Index.Tracks[0]);
        text.Append(CultureInfo.InvariantCulture, $",URI=\"{rendition.Path}{SegmentNames.Folder(0)}{SegmentNames.PicturePlaylist}\"\n");
    }

    // A variant must be true with whichever track of the group is chosen.
    static BitRate Loudest(Mp4Index index, int[] tracks)
    {
        var rates = tracks.Select(track => BitRate.Of(index, track)).ToList();
        return rates.Count == 0 ? default : new BitRate(rates.Max(rate => rate.Average), rates.Max(rate => rate.Peak));
    }

    static void WriteRate(StringBuilder text, BitRate rate, string codecs) =>
        text.Append(
            CultureInfo.InvariantCulture,
            $"BANDWIDTH={Math.Max(1, rate.Peak)},AVERAGE-BANDWIDTH={Math.Max(1, rate.Average)},CODECS=\"{codecs}\""
        );

    static void WritePictureFormat(StringBuilder text, IndexTrack track)
    {
        var (width, height) = track.Rotation is 90 or 270 ? (track.Height, track.Width) : (track.Width, track.Height);
        text.Append(CultureInfo.InvariantCulture, $",RESOLUTION={width}x{height}");
        // RFC 8216bis §4.4.6.2: what is left out is SDR.
        if (track.Colour?.HighRange is { } range)
            text.Append(CultureInfo.InvariantCulture, $",VIDEO-RANGE={range}");
    }

    static string PlaylistOf(Rendition rendition, int track) => $"{rendition.Path}{SegmentNames.Folder(track)}{SegmentNames.Playlist}";

    // Quoted strings have no escape for quotes and may not break lines (RFC 8216 §4.2).
    static string Quotable(string text) => string.Concat(text.Where(c => !char.IsControl(c)).Select(c => c == '"' ? '\'' : c));
}
