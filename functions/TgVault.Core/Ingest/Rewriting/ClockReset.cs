using TgVault.Core.Mp4.Movie;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Rewriting;

/// <summary>
/// Recordings in MPEG-TS that were put together of several have a clock that is set back where one ends. ffmpeg bridges that, but a packet
/// of the earlier one that comes behind the first of the next has it go on too late, by as much: a jump of less than 10 s it takes for a
/// pause. What is written is then longer than what the clock says, and has a hole.
/// </summary>
static class ClockReset
{
    const double LeastSeconds = 1;

    // Pictures of a slide show last as long as each other.
    const int MostTimes = 4;

    /// <summary>From how many seconds on a jump is none of the film's; null where no clock was set back.</summary>
    public static async Task<double?> JumpAsync(string output, MediaSummary media, MediaSummary made, CancellationToken cancellationToken)
    {
        if (media.Container != "mpegts" || !(made.DurationSeconds - media.DurationSeconds > LeastSeconds))
            return null;
        await using var file = new FileStream(output, FileMode.Open, FileAccess.Read, FileShare.Read);
        var head = await CopiedEnds.ReadAsync(file, cancellationToken);
        var hole = MovieBox.Read(head.MoovPayload).Tracks.Max(track => HoleIn(track, file.Length));
        return hole > LeastSeconds ? Math.Max(LeastSeconds, hole / 2) : null;
    }

    // By how much the longest sample lasts longer than most; 0 where that is nothing odd.
    static double HoleIn(TrackBox track, long fileBytes)
    {
        var durations = new List<uint>();
        for (var reader = new SampleReader(track.Tables, fileBytes); !reader.AtEnd; )
            durations.Add(reader.Read().Duration);
        durations.Sort();
        return durations.Count > 0 && durations[^1] > (long)durations[durations.Count / 2] * MostTimes
            ? (double)durations[^1] / track.Timescale
            : 0;
    }
}
