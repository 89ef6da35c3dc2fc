using System.Collections.Immutable;
using System.Globalization;
using System.Security;
using System.Text;
using TgVault.Core.Mp4.Codecs;
using TgVault.Core.Mp4.Fragments;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Playback.Captions;
using TgVault.Core.Playback.Packaging;
using TgVault.Core.Videos;

namespace TgVault.Core.Playback.Dash;

/// <summary>
/// The media presentation description (ISO 23009-1): an adaptation set for the pictures of each dynamic range, one per language and codec
/// of the sound, one per captions, over the init and media segments that HLS has.
/// </summary>
internal static class Mpd
{
    public const string ContentType = "application/dash+xml";

    const string ChannelScheme = "urn:mpeg:dash:23003:3:audio_channel_configuration:2011";

    /// <param name="encodings">At least one; the first is the original.</param>
    /// <param name="captions">May be empty.</param>
    /// <param name="segmentsPath">Where the encodings' paths begin, relative to the MPD; ends in a slash.</param>
    public static string Write(IReadOnlyList<VideoEncoding> encodings, IReadOnlyList<CaptionTrack> captions, string segmentsPath)
    {
        var original = encodings[0].Index;
        // Times are those after the segments' edit lists, so no presentationTimeOffset: browsers would apply both.
        var duration = Enumerable
            .Range(0, original.Tracks.Length)
            .Max(track => EndOf(MediaSegment.Times(original, track)) / (double)original.Tracks[track].Timescale);

        var buffer = LongestSeconds(encodings);
        var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
        text.Append("<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" profiles=\"urn:mpeg:dash:profile:isoff-live:2011\" type=\"static\"")
            .Append(
                CultureInfo.InvariantCulture,
                $" mediaPresentationDuration=\"PT{duration:F6}S\" minBufferTime=\"PT{buffer}S\">\n<Period id=\"0\" start=\"PT0S\">\n"
            );

        var pictures = encodings.Where(encoding => encoding.Index.Tracks[0].Kind == MediaTrackKind.Video).ToList();
        // Sizes of another range are other pictures: players switch within a set, and choose among sets by what the screen shows.
        foreach (var set in pictures.GroupBy(encoding => encoding.Index.Tracks[0].Colour?.HighRange))
            WritePictures(text, [.. set], segmentsPath, buffer);

        var sounds = Enumerable.Range(0, original.Tracks.Length).Where(track => original.Tracks[track].Kind == MediaTrackKind.Audio);
        foreach (var track in sounds)
        {
            var language = LanguageOf(LanguageTag.From(original.Tracks[track].Language));
            text.Append(
                CultureInfo.InvariantCulture,
                $"<AdaptationSet contentType=\"audio\" mimeType=\"audio/mp4\" segmentAlignment=\"true\" startWithSAP=\"1\"{language}>\n"
            );
            if (original.Tracks[track].Name.Length > 0)
                text.Append(CultureInfo.InvariantCulture, $"<Label>{SecurityElement.Escape(original.Tracks[track].Name)}</Label>\n");
            WriteRepresentation(text, encodings[0], track, segmentsPath, buffer);
            text.Append("</AdaptationSet>\n");
        }

        foreach (var caption in captions)
            WriteCaptions(text, caption);
        return text.Append("</Period>\n</MPD>\n").ToString();
    }

    static void WritePictures(StringBuilder text, List<VideoEncoding> pictures, string segmentsPath, long buffer)
    {
        // With type 3, pictures that follow the first one but are shown before it may need the segment before (ISO 14496-12 annex I).
        var sap = pictures.TrueForAll(encoding => encoding.Index.HasIndependentSegments) ? 1 : 3;
        text.Append(
            CultureInfo.InvariantCulture,
            $"<AdaptationSet contentType=\"video\" mimeType=\"video/mp4\" segmentAlignment=\"true\" startWithSAP=\"{sap}\">\n"
        );
        WriteColour(text, pictures);
        foreach (var encoding in pictures)
            WriteRepresentation(text, encoding, 0, segmentsPath, buffer);
        text.Append("</AdaptationSet>\n");
    }

    // minBufferTime: a whole segment, whichever comes first, without what its last picture is drawn out by: players hold back for so long.
    static long LongestSeconds(IReadOnlyList<VideoEncoding> encodings) =>
        encodings.Max(encoding =>
            Enumerable
                .Range(0, encoding.Index.Tracks.Length)
                .Max(track =>
                    (long)
                        Math.Ceiling(
                            MediaSegment.OwnTimes(encoding.Index, track).Select(time => time.Duration).DefaultIfEmpty().Max()
                                / (double)encoding.Index.Tracks[track].Timescale
                        )
                )
        );

    // DASH-IF IOP 4.3 §6.2.5. Of the whole set, which is where players look for it. A supplement, not an essential property: a set with
    // one of those is left out by whoever does not know it. dash.js leaves it out, too, where the screen has no such range, although
    // browsers map it to the screen's and there is no other set. Without ColourPrimaries: shaka asks the browser about them together with
    // the transfer. Chromium knows few such pairs. It refuses others that it plays (BT.2020 in SDR, P3 in PQ), and all that the codec's
    // name does not agree to.
    static void WriteColour(StringBuilder text, List<VideoEncoding> pictures)
    {
        var colours = pictures.Select(encoding => encoding.Index.Tracks[0].Colour).Distinct().ToList();
        if (colours is not [{ } colour])
            return;
        foreach (
            var (name, value) in (ReadOnlySpan<(string, int)>)
                [("TransferCharacteristics", colour.Transfer), ("MatrixCoefficients", colour.Matrix)]
        )
        {
            if (value != VideoColour.NotTold)
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"<SupplementalProperty schemeIdUri=\"urn:mpeg:mpegB:cicp:{name}\" value=\"{value}\"/>\n"
                );
        }
    }

    static void WriteRepresentation(StringBuilder text, VideoEncoding encoding, int number, string segmentsPath, long bufferSeconds)
    {
        var track = encoding.Index.Tracks[number];
        var bandwidth = Bandwidth.Of(encoding.Video, number, bufferSeconds);
        var path = SecurityElement.Escape(segmentsPath + encoding.Path + SegmentNames.Folder(number));
        text.Append(
            CultureInfo.InvariantCulture,
            $"<Representation id=\"{SecurityElement.Escape(encoding.Path)}{number}\" codecs=\"{track.Codec}\" bandwidth=\"{bandwidth}\""
        );
        if (track.Kind == MediaTrackKind.Video)
            text.Append(
                CultureInfo.InvariantCulture,
                $" width=\"{track.Width}\" height=\"{track.Height}\" frameRate=\"{FrameRateOf(track)}\""
            );
        else if (track.SampleRate > 0)
            text.Append(CultureInfo.InvariantCulture, $" audioSamplingRate=\"{track.SampleRate}\"");
        text.Append(">\n");
        if (track.Channels > 0)
            text.Append(
                CultureInfo.InvariantCulture,
                $"<AudioChannelConfiguration schemeIdUri=\"{ChannelScheme}\" value=\"{track.Channels}\"/>\n"
            );
        text.Append(CultureInfo.InvariantCulture, $"<SegmentTemplate timescale=\"{track.Timescale}\" startNumber=\"0\"")
            .Append(
                CultureInfo.InvariantCulture,
                $" initialization=\"{path}{SegmentNames.Init}\" media=\"{path}$Number$.m4s\">\n<SegmentTimeline>\n"
            );
        WriteTimeline(text, FromPeriodStart(MediaSegment.Times(encoding.Index, number), track.Timescale));
        text.Append("</SegmentTimeline>\n</SegmentTemplate>\n</Representation>\n");
    }

    static long EndOf(ImmutableArray<SegmentTime> times) => times.IsEmpty ? 0 : times[^1].Start + times[^1].Duration;

    // The sound often begins some milliseconds before the pictures, or they before it. DASH-IF's restricted timing model has no gaps.
    // Told as one, it makes dash.js seek over it before it has fetched anything: all is fetched twice, and captions that it is fetching
    // meanwhile are lost (its issue 5135). So segments cover the period from its start, and players do what they do where buffers begin
    // late. Browsers begin to play where a track begins within a second (Chromium's SourceBufferStream); what begins later is told as it
    // is.
    static ImmutableArray<SegmentTime> FromPeriodStart(ImmutableArray<SegmentTime> times, uint timescale) =>
        times.IsEmpty || times[0].Start > timescale ? times : times.SetItem(0, new SegmentTime(0, times[0].Start + times[0].Duration));

    // Equal durations in a row are one entry; times touch, so only the first is told.
    static void WriteTimeline(StringBuilder text, ImmutableArray<SegmentTime> times)
    {
        for (var i = 0; i < times.Length; )
        {
            var repeats = 0;
            while (i + repeats + 1 < times.Length && times[i + repeats + 1].Duration == times[i].Duration)
                repeats++;
            text.Append(i == 0 ? FormattableString.Invariant($"<S t=\"{times[0].Start}\" ") : "<S ")
                .Append(CultureInfo.InvariantCulture, $"d=\"{times[i].Duration}\"");
            if (repeats > 0)
                text.Append(CultureInfo.InvariantCulture, $" r=\"{repeats}\"");
            text.Append("/>\n");
            i += repeats + 1;
        }
    }

    static void WriteCaptions(StringBuilder text, CaptionTrack caption)
    {
        var (language, name) = (SecurityElement.Escape(caption.Language), SecurityElement.Escape(caption.Name));
        text.Append(
                CultureInfo.InvariantCulture,
                $"<AdaptationSet contentType=\"text\" mimeType=\"text/vtt\"{LanguageOf(caption.Language)}>\n<Label>{name}</Label>\n"
            )
            .Append(CultureInfo.InvariantCulture, $"<Representation id=\"captions-{language}\" bandwidth=\"256\">\n")
            .Append(CultureInfo.InvariantCulture, $"<BaseURL>{SecurityElement.Escape(caption.TextUri)}</BaseURL>\n")
            .Append("</Representation>\n</AdaptationSet>\n");
    }

    static string LanguageOf(string? language) => language is null ? "" : $" lang=\"{SecurityElement.Escape(language)}\"";

    // A whole number or a fraction (ISO 23009-1 §5.3.7): near whole rates, those of NTSC, or thousandths.
    static string FrameRateOf(IndexTrack track)
    {
        const double near = 0.005;
        var rate = track.FrameRate;
        if (Math.Abs(rate - Math.Round(rate)) < near)
            return FormattableString.Invariant($"{Math.Max(1, Math.Round(rate))}");
        var ntsc = Math.Round(rate * 1.001);
        return Math.Abs((rate * 1.001) - ntsc) < near
            ? FormattableString.Invariant($"{ntsc * 1000}/1001")
            : FormattableString.Invariant($"{Math.Max(1, Math.Round(rate * 1000))}/1000");
    }
}
