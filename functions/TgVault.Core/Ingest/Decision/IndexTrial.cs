using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Mp4.Movie;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Decision;

/// <summary>
/// Tries whether HLS, DASH and the fragmented file will show of an MP4 what is promised of it: they are computed from an index, which may
/// refuse what ffmpeg and browsers forgive, and which knows sample entries by fewer names.
/// </summary>
static class IndexTrial
{
    // In seconds: less is not noticed between pictures and sound.
    const double Moment = 0.04;

    /// <summary>Makes the index of an MP4 and compares its tracks with those that are to be played.</summary>
    /// <param name="head">The MP4, as it will be stored.</param>
    /// <param name="read">Reads it; only of a fragmented one anything is read.</param>
    /// <param name="media">What it holds.</param>
    /// <param name="cancellationToken">Stops trying.</param>
    /// <returns>The index.</returns>
    /// <exception cref="MediaException">There is none, or one without a track that is to be played; the message says which.</exception>
    public static async Task<Mp4Index> RunAsync(Mp4Head head, ReadRange read, MediaSummary media, CancellationToken cancellationToken)
    {
        var index = await Mp4Index.BuildAsync(head, read, cancellationToken);
        var played = MediaPlan.Played(media).ToList();
        var sounds = played.Where(track => track.Kind == MediaTrackKind.Audio).Take(IndexBuilder.MaxTracks - 1).ToList();
        var missing = played
            .Where(track => track.Kind == MediaTrackKind.Video)
            .Concat(sounds)
            .FirstOrDefault(track => track.ContainerId is { } id && !index.SourceIds.Contains((uint)id));
        if (missing is not null)
            throw Without(missing);
        // Where tracks have no numbers they can only be counted.
        var hasPictures = index.Tracks[0].Kind == MediaTrackKind.Video;
        if (hasPictures != (MediaPlan.MainVideo(media) is not null) || index.Tracks.Length - (hasPictures ? 1 : 0) != sounds.Count)
            throw new MediaException("The MP4's tables do not have the tracks that its streams have.");
        return index;
    }

    /// <summary>By how many seconds a sound ends before the pictures, if that is more than players bear; null otherwise.</summary>
    public static double? EarlySound(Mp4Index index)
    {
        if (index.Tracks[0].Kind != MediaTrackKind.Video)
            return null;
        return index
            .Tracks.Where(track => track.Kind == MediaTrackKind.Audio)
            .Max(track => TrackRules.EarlyBy(EndOf(index.Tracks[0]), EndOf(track)));

        static double EndOf(IndexTrack track) => (double)track.End / track.Timescale;
    }

    /// <summary>
    /// After how many seconds an MP4 first shows anything of its tracks, if that is more than a moment; null otherwise. Segments begin with
    /// what there is: the file would play otherwise than they do.
    /// </summary>
    public static double? LateStart(MovieBox movie)
    {
        var tracks = Filled(movie).ToList();
        return tracks.Count > 0 && tracks.Min(DelaySeconds) is > Moment and var late ? late : null;
    }

    /// <summary>
    /// By how many seconds the tracks of an MP4 begin apart, if that is more than a moment; null otherwise. Firefox reads the time
    /// before a track (ISO/IEC 14496-12 §8.6.6) in ticks of the track instead of the movie's, and players of HLS begin with the pictures.
    /// </summary>
    public static double? UnevenStart(MovieBox movie)
    {
        var delays = Filled(movie).Select(DelaySeconds).ToList();
        return delays.Count > 0 && delays.Max() - delays.Min() is > Moment and var apart ? apart : null;
    }

    static IEnumerable<TrackBox> Filled(MovieBox movie) => movie.Tracks.Where(track => track.Tables.SampleCount > 0);

    static double DelaySeconds(TrackBox track) => (double)track.Edits.Delay / track.Timescale;

    static MediaException Without(MediaTrack track) =>
        new(
            $"The MP4 calls its {track.Codec} {(track.Kind == MediaTrackKind.Video ? "video" : "sound")} "
                + $"{(track.Tag.Length > 0 ? $"'{track.Tag}'" : "something")}, which players of HLS and DASH do not know."
        );
}
