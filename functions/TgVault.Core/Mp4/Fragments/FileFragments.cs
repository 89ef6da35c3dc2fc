using TgVault.Core.Mp4.Index;

namespace TgVault.Core.Mp4.Fragments;

/// <summary>
/// The fragments of the file of all tracks: one for each segment, but at the end. ffmpeg's demuxer takes a track's end in its sidx for its
/// length, and adds it to when the track begins: the end of one that begins late is told as much earlier (<see cref="SegmentIndexes"/>),
/// which cannot be before its last fragment begins. So that has to be as long.
/// </summary>
static class FileFragments
{
    // Of what begins later than any recorder does, a length that is told too long is better than a fragment of minutes.
    const int LatestSeconds = 30;

    /// <summary>The index with the segments that are fragments of the file.</summary>
    public static Mp4Index Of(Mp4Index index)
    {
        var late = index.Tracks.Max(track => (double)(track.Start - track.Origin) / track.Timescale);
        var (table, lead) = (index.Segments, index.Tracks[0]);
        var count = table.Count;
        while (late <= LatestSeconds && count > 1 && SecondsFrom(count - 1) < late && CanJoin(table, count - 2))
            count--;
        return count == table.Count ? index : index.With(Join(table, count));

        double SecondsFrom(int segment) => index.DurationSeconds - ((double)(table.Boundaries[segment] - lead.Origin) / lead.Timescale);
    }

    static bool CanJoin(SegmentTable table, int first) =>
        table.Tracks.Sum(track => track.Bytes[^1] - track.Bytes[first]) <= SegmentTable.MaxSegmentBytes
        && table.Tracks.All(track => track.FirstSamples[^1] - track.FirstSamples[first] <= SegmentTable.MaxSegmentSamples);

    static SegmentTable Join(SegmentTable table, int count) =>
        table with
        {
            Boundaries = [.. table.Boundaries[..count], table.Boundaries[^1]],
            FirstSizes = table.FirstSizes[..count],
            Tracks =
            [
                .. table.Tracks.Select(track => new TrackSegments(
                    [.. track.FirstSamples[..count], track.FirstSamples[^1]],
                    [.. track.Times[..count], track.Times[^1]],
                    [.. track.Bytes[..count], track.Bytes[^1]]
                )),
            ],
        };
}
