using System.Collections.Immutable;

namespace TgVault.Core.Mp4.Index;

/// <summary>
/// Of one track: which samples belong to which segment. Entry k is where segment k begins; one more entry is the end of the last.
/// </summary>
/// <param name="FirstSamples">Numbers of samples.</param>
/// <param name="Times">Decoding times in ticks.</param>
/// <param name="Bytes">Bytes of all samples before.</param>
sealed record TrackSegments(int[] FirstSamples, long[] Times, long[] Bytes)
{
    public int CountOf(int segment) => FirstSamples[segment + 1] - FirstSamples[segment];

    public long BytesOf(int segment) => Bytes[segment + 1] - Bytes[segment];

    /// <summary>The segments in which the track has samples, in order: what its playlist lists.</summary>
    public int[] Filled => _filled ??= [.. Enumerable.Range(0, FirstSamples.Length - 1).Where(segment => CountOf(segment) > 0)];

    int[]? _filled;
}

/// <summary>
/// The cut of the timeline into segments, the same for all tracks. The first track leads: segments begin at its sync samples, and the other
/// tracks' samples go where they are shown.
/// </summary>
/// <param name="Boundaries">When segments begin, as the lead's samples are shown, in its ticks; one more entry is the end.</param>
/// <param name="FirstSizes">The size of the lead's first sample in each segment, in bytes; 0 where it has none.</param>
/// <param name="Tracks">In the order of the index.</param>
/// <param name="IsClosed">
/// Whether no picture is shown before the sync sample that its segment begins with. HEVC's sync samples may be followed by such, which need
/// the segment before to be decoded (CRA and RASL pictures, ISO 23008-2 §3).
/// </param>
sealed record SegmentTable(long[] Boundaries, int[] FirstSizes, ImmutableArray<TrackSegments> Tracks, bool IsClosed)
{
    /// <summary>What a sidx can refer to; four and a half days.</summary>
    public const int MaxSegments = 65_535;

    /// <summary>
    /// What one fragment may hold of all tracks, in bytes: offsets in it are signed 32-bit numbers, with room left for its boxes.
    /// </summary>
    public const long MaxSegmentBytes = int.MaxValue - (64 << 20);

    /// <summary>
    /// What one track may have in one segment: its boxes are made in memory. 18 minutes of 60 fps video without a second keyframe.
    /// </summary>
    public const int MaxSegmentSamples = 65_536;

    /// <summary>What segments last, in seconds, where sync samples allow.</summary>
    public const int TargetSeconds = 6;

    public int Count => FirstSizes.Length;
}
