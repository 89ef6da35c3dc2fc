using System.Collections.Immutable;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Movie;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Decision;

/// <summary>What is known of an upload by its boxes, as far as they could be read.</summary>
sealed record UploadEvidence
{
    /// <summary>Null where it is no MP4, or its boxes do not fit.</summary>
    public Mp4Layout? Layout { get; private init; }

    /// <summary>Null where moov was not read.</summary>
    public Mp4Head? Head { get; private init; }

    /// <summary>Why reading came no further; empty where it came to the end.</summary>
    public string Damage { get; private init; } = "";

    /// <summary>What moov says of its tracks.</summary>
    public ImmutableArray<TrackSurvey> Tracks { get; private init; } = [];

    /// <summary>Whether a track is encrypted, in moov or in the first fragment.</summary>
    public bool IsEncrypted { get; private init; }

    /// <summary>Whether it is another kind of file, and not a damaged MP4.</summary>
    public bool IsNoMp4 => Layout is null && Damage.StartsWith("This is not an MP4", StringComparison.Ordinal);

    public Moov Moov =>
        Layout is null ? Moov.Unread
        : Layout.IsFragmented ? Moov.InFragments
        : Layout.IsFaststart ? Moov.First
        : Moov.Last;

    IEnumerable<TrackSurvey> Played => Tracks.Where(track => track.IsVideo || track.IsSound);

    /// <summary>Walks the boxes of an upload and reads its moov, once. Whatever it is, evidence comes out.</summary>
    public static async Task<UploadEvidence> ReadAsync(ReadRange read, long lengthBytes, CancellationToken cancellationToken)
    {
        var evidence = new UploadEvidence();
        try
        {
            evidence = evidence with { Layout = await Mp4Layout.ReadAsync(read, lengthBytes, cancellationToken) };
            evidence = evidence with { Head = await Mp4Head.ReadAsync(evidence.Layout, read, cancellationToken) };
            var tracks = TrackSurvey.ReadAll(evidence.Head);
            return evidence with
            {
                Tracks = tracks,
                IsEncrypted =
                    tracks.Any(track => (track.IsVideo || track.IsSound) && track.IsEncrypted)
                    || await Protection.IsInFragmentsAsync(evidence.Layout, read, cancellationToken),
            };
        }
        catch (MediaException exception)
        {
            evidence = evidence with { Damage = exception.Message };
            return evidence.Layout is null ? evidence with { Tracks = await ReadCutAsync(read, lengthBytes, cancellationToken) } : evidence;
        }
    }

    // Of a file that ends within its media, moov may say how much is missing.
    static async Task<ImmutableArray<TrackSurvey>> ReadCutAsync(ReadRange read, long lengthBytes, CancellationToken cancellationToken)
    {
        try
        {
            var layout = await Mp4Layout.ReadAsync(read, lengthBytes, cancellationToken, mayBeCut: true);
            return layout.IsFragmented ? [] : TrackSurvey.ReadAll(await Mp4Head.ReadAsync(layout, read, cancellationToken));
        }
        catch (MediaException)
        {
            return [];
        }
    }

    /// <summary>
    /// The sentence that says why nothing of an MP4 can be played, whatever else is said of it; null where it has something in it.
    /// </summary>
    public string? NothingToPlay()
    {
        // What is missing at the very end is not missed.
        const double mostMissing = 0.1;
        // What is left of it is ffmpeg's to tell, unless nothing is.
        if (Head is null)
            return Played.FirstOrDefault(track => track is { SampleCount: > 0, SamplesInFile: 0 }) is { } missing
                ? CutShort(missing)
                : null;
        if (IsEncrypted)
            return $"It is encrypted{InLetters(Played.Where(track => track.IsEncrypted))}: without its keys no player can show it.";
        if (Tracks.IsEmpty)
            return "The MP4 has no tracks.";
        if (Layout!.IsFragmented || !Played.Any())
            return null;
        if (Played.All(track => track.SampleCount == 0))
            return "The MP4 has no samples: it is only the beginning of one, or the recording was not finished.";
        var cut = Played
            .Where(track => track.SamplesInFile < track.SampleCount * (1 - mostMissing))
            .MinBy(track => (double)track.SamplesInFile / track.SampleCount);
        return cut is null ? null : CutShort(cut);
    }

    static string CutShort(TrackSurvey track) =>
        $"The MP4 is cut short: of {track.SampleCount} samples of a track only {track.SamplesInFile} lie within the file.";

    /// <summary>
    /// What ffprobe says, completed by what moov says: it passes over extended languages, and sees only a part of a file.
    /// </summary>
    public MediaSummary Complete(MediaSummary media) =>
        media with
        {
            MoovOffset = Layout?.Moov.Offset,
            Tracks = MediaPlan.IsMp4(media)
                ? [.. media.Tracks.Select(track => Find(media, track) is { } survey ? Complete(track, survey) : track)]
                : media.Tracks,
        };

    static MediaTrack Complete(MediaTrack track, TrackSurvey survey) =>
        track with
        {
            ContainerId = survey.Id,
            Language = survey.Language != LanguageTag.Undetermined ? survey.Language : track.Language,
            PixelFormat = track is { Codec: "h264", PixelFormat: "" or "unknown" }
                ? survey.PixelFormat ?? track.PixelFormat
                : track.PixelFormat,
            SampleCount = track.SampleCount ?? (survey.SampleCount > 0 ? survey.SampleCount : null),
        };

    // By number; where ffprobe tells none, the same of a kind, since it keeps their order.
    TrackSurvey? Find(MediaSummary media, MediaTrack track)
    {
        if (track.ContainerId is { } id)
            return Tracks.FirstOrDefault(survey => survey.Id == id);
        if (track.Kind is not (MediaTrackKind.Video or MediaTrackKind.Audio) || track.AttachedPicture)
            return null;
        var isVideo = track.Kind == MediaTrackKind.Video;
        var streams = media.Tracks.Where(other => other.Kind == track.Kind && !other.AttachedPicture).ToList();
        var surveys = Tracks.Where(survey => isVideo ? survey.IsVideo : survey.IsSound).ToList();
        return streams.Count == surveys.Count ? surveys[streams.IndexOf(track)] : null;
    }

    // The letters of sample entries say more to whoever has to find out than any sentence.
    static string InLetters(IEnumerable<TrackSurvey> tracks)
    {
        var letters = tracks.SelectMany(track => track.Entries).Distinct().Take(8).ToList();
        return letters.Count > 0 ? $" ({string.Join(", ", letters)})" : "";
    }
}
