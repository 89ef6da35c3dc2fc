using System.Collections.Immutable;
using TgVault.Core.Mp4.Movie;

namespace TgVault.Core.Mp4.Index;

/// <summary>Makes the segment table of an index from its packed pages.</summary>
sealed class SegmentPlanner(ImmutableArray<IndexTrack> tracks, ImmutableArray<PageEntry> pages)
{
    readonly List<(int Sample, long Shown)> _cuts = [];
    bool _isClosed = true;

    /// <param name="given">When the lead's segments begin; null: where its sync samples and the usual length say.</param>
    /// <exception cref="MediaException">The file cannot be cut so.</exception>
    public SegmentTable Plan(long[]? given = null)
    {
        var lead = tracks[0];
        if (given is null)
            CutLead();
        else
            CutLead(given);
        var (boundaries, firstSamples) = AddTail(lead);
        var segments = firstSamples.Count;
        if (segments > SegmentTable.MaxSegments)
            throw TooMany();

        var firstSizes = new int[segments];
        var planned = ImmutableArray.CreateBuilder<TrackSegments>(tracks.Length);
        for (var track = 0; track < tracks.Length; track++)
        {
            var limits = track == 0 ? null : Limits(boundaries, tracks[track]);
            planned.Add(Assign(track, segments, boundaries, firstSamples, limits, firstSizes));
        }

        var table = new SegmentTable([.. boundaries], firstSizes, planned.MoveToImmutable(), _isClosed);
        for (var segment = 0; segment < segments; segment++)
            CheckSize(table, segment);
        return table;
    }

    // A cut falls on the sync sample nearest to the target, but leaves no segment under half of it.
    void CutLead()
    {
        var target = (long)SegmentTable.TargetSeconds * tracks[0].Timescale;
        (int Sample, long Shown)? candidate = null;
        foreach (var (number, sample, time) in Samples(0))
        {
            var shown = time + sample.CompositionOffset + tracks[0].CompositionShift;
            if (_cuts.Count == 0)
                _cuts.Add((0, tracks[0].Start));
            if (!sample.IsSync || shown <= _cuts[^1].Shown)
                continue;
            var length = shown - _cuts[^1].Shown;
            if (
                length >= target
                && candidate is { } earlier
                && earlier.Shown - _cuts[^1].Shown is var before
                && before >= target / 2
                && target - before < length - target
            )
            {
                Cut(earlier);
                candidate = null;
                length = shown - _cuts[^1].Shown;
            }

            if (length < target)
            {
                candidate = (number, shown);
                continue;
            }

            Cut((number, shown));
            candidate = null;
        }
    }

    void CutLead(long[] given)
    {
        foreach (var (number, sample, time) in Samples(0))
        {
            var shown = time + sample.CompositionOffset + tracks[0].CompositionShift;
            if (_cuts.Count < given.Length && sample.IsSync && shown == given[_cuts.Count])
                Cut((number, shown));
        }

        if (_cuts.Count < given.Length)
            throw new MediaException($"The file has no keyframe where segment {_cuts.Count} is to begin.");
    }

    void Cut((int Sample, long Shown) at)
    {
        if (_cuts.Count == SegmentTable.MaxSegments)
            throw TooMany();
        _cuts.Add(at);
    }

    // Where other tracks go on for a second or more after the lead, segments without the lead follow.
    (List<long> Boundaries, List<int> FirstSamples) AddTail(IndexTrack lead)
    {
        var boundaries = _cuts.ConvertAll(cut => cut.Shown);
        var firstSamples = _cuts.ConvertAll(cut => cut.Sample);
        boundaries.Add(lead.End);
        var end = tracks.Max(track => Math.Ceiling((double)track.End / track.Timescale * lead.Timescale));
        while (end - boundaries[^1] >= lead.Timescale && firstSamples.Count <= SegmentTable.MaxSegments)
        {
            firstSamples.Add(lead.SampleCount);
            boundaries.Add(boundaries[^1] + ((long)SegmentTable.TargetSeconds * lead.Timescale));
        }

        return (boundaries, firstSamples);
    }

    // When each segment begins, in the track's own ticks, rounded up: a sample shown at the boundary belongs to the later segment.
    long[] Limits(List<long> boundaries, IndexTrack track)
    {
        var limits = new long[boundaries.Count - 1];
        for (var i = 1; i < limits.Length; i++)
        {
            limits[i] = (long)((((Int128)boundaries[i] * track.Timescale) + tracks[0].Timescale - 1) / tracks[0].Timescale);
        }

        return limits;
    }

    TrackSegments Assign(int track, int segments, List<long> boundaries, List<int> firstSamples, long[]? limits, int[] firstSizes)
    {
        var table = new TrackSegments(new int[segments + 1], new long[segments + 1], new long[segments + 1]);
        var segment = 0;
        table.Times[0] = tracks[track].FirstDecode;
        var (bytes, end) = (0L, tracks[track].FirstDecode);
        foreach (var (number, sample, time) in Samples(track))
        {
            var shown = time + sample.CompositionOffset + tracks[track].CompositionShift;
            while (segment + 1 < segments && (limits is null ? number >= firstSamples[segment + 1] : shown >= limits[segment + 1]))
            {
                segment++;
                (table.FirstSamples[segment], table.Times[segment], table.Bytes[segment]) = (number, time, bytes);
            }

            if (limits is null && table.FirstSamples[segment] == number)
                firstSizes[segment] = sample.SizeBytes;
            if (limits is null && shown < boundaries[segment])
                _isClosed = false;
            bytes += sample.SizeBytes;
            end = time + sample.Duration;
        }

        for (segment++; segment <= segments; segment++)
            (table.FirstSamples[segment], table.Times[segment], table.Bytes[segment]) = (tracks[track].SampleCount, end, bytes);
        return table;
    }

    static void CheckSize(SegmentTable table, int segment)
    {
        if (
            table.Tracks.Sum(track => track.BytesOf(segment)) <= SegmentTable.MaxSegmentBytes
            && table.Tracks.All(track => track.CountOf(segment) <= SegmentTable.MaxSegmentSamples)
        )
            return;
        throw new MediaException("The MP4's keyframes are too far apart to cut it into segments.") { Fault = MediaFault.Content };
    }

    static MediaException TooMany() =>
        new($"The MP4 would have more than {SegmentTable.MaxSegments} segments.") { Fault = MediaFault.Content };

    IEnumerable<(int Number, Sample Sample, long Time)> Samples(int track)
    {
        var number = 0;
        var time = tracks[track].FirstDecode;
        foreach (var entry in pages)
        {
            if (entry.Counts[track] == 0)
                continue;
            var page = SamplePage.Unpack(entry);
            for (var i = 0; i < entry.Counts[track]; i++, number++)
            {
                var sample = page[track][i];
                yield return (number, sample, time);
                time += sample.Duration;
            }
        }
    }
}
