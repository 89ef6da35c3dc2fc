using System.Buffers;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using TgVault.Core.Mp4.Index.Columns;
using TgVault.Core.Mp4.Movie;

namespace TgVault.Core.Mp4.Index;

/// <summary>
/// Samples of all tracks that lie one after another in the file. Tracks are kept together because one track's offsets follow from the other
/// tracks' sizes: only the order in which tracks take turns, and rare gaps, are stored. Immutable, for any number of threads.
/// </summary>
sealed class SamplePage
{
    /// <summary>
    /// Half a minute of film with sound. More would pack tighter, but decode longer, and no longer stay off the large object heap.
    /// </summary>
    public const int MaxSamples = 2048;

    // Above this, packing takes twenty times as long for one part in a hundred. The window is the least that holds a page.
    const int Quality = 5;
    const int WindowBits = 16;

    const int ObjectBytes = 24;

    readonly Sample[][] _tracks;

    SamplePage(Sample[][] tracks) => _tracks = tracks;

    /// <summary>What it has in memory.</summary>
    public int MemoryBytes =>
        (3 * ObjectBytes) + _tracks.Sum(samples => IntPtr.Size + ObjectBytes + (samples.Length * Unsafe.SizeOf<Sample>()));

    /// <summary>The samples of one track, in decoding order.</summary>
    public ReadOnlySpan<Sample> this[int track] => _tracks[track];

    /// <summary>Packs samples given in file order, as (track, sample).</summary>
    public static PageEntry Pack(ReadOnlySpan<(int Track, Sample Sample)> samples, int tracks)
    {
        var counts = new int[tracks];
        foreach (var (track, _) in samples)
            counts[track]++;
        var next = StartsOf(counts);
        var buffer = ArrayPool<byte>.Shared.Rent(samples.Length * PageColumns.RowBytes);
        var packed = ArrayPool<byte>.Shared.Rent(BrotliEncoder.GetMaxCompressedLength(samples.Length * PageColumns.RowBytes));
        try
        {
            var bytes = buffer.AsSpan(0, samples.Length * PageColumns.RowBytes);
            var columns = new PageColumns(bytes);
            var end = samples[0].Sample.Offset;
            for (var i = 0; i < samples.Length; i++)
            {
                var (track, sample) = samples[i];
                columns.Tracks[i] = track;
                columns.Gaps[i] = sample.Offset - end;
                end = sample.Offset + sample.SizeBytes;
                var row = next[track]++;
                columns.Durations[row] = sample.Duration;
                columns.Compositions[row] = sample.CompositionOffset;
                columns.Syncs[row] = sample.IsSync ? 1 : 0;
                columns.Sizes[row] = sample.SizeBytes;
            }

            if (!BrotliEncoder.TryCompress(bytes, packed, out var length, Quality, WindowBits))
                throw new InvalidOperationException("A bug: packed columns are larger than Brotli says they can be.");
            return new PageEntry(packed.AsSpan(0, length).ToArray(), samples[0].Sample.Offset, counts);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            ArrayPool<byte>.Shared.Return(packed);
        }
    }

    /// <exception cref="MediaException">The bytes are not what <see cref="Pack"/> gave.</exception>
    public static SamplePage Unpack(in PageEntry entry)
    {
        var count = entry.Counts.Sum();
        if (count > MaxSamples)
            throw IndexDamage.Unreadable();
        var buffer = ArrayPool<byte>.Shared.Rent(count * PageColumns.RowBytes);
        try
        {
            var bytes = buffer.AsSpan(0, count * PageColumns.RowBytes);
            if (!BrotliDecoder.TryDecompress(entry.Packed.Span, bytes, out var length) || length != bytes.Length)
                throw IndexDamage.Unreadable();
            return new SamplePage(Place(new PageColumns(bytes), count, entry));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    static Sample[][] Place(PageColumns columns, int count, in PageEntry entry)
    {
        var tracks = Array.ConvertAll(entry.Counts, length => new Sample[length]);
        var starts = StartsOf(entry.Counts);
        Span<int> taken = stackalloc int[tracks.Length];
        var offset = entry.Offset;
        for (var i = 0; i < count; i++)
        {
            var track = (int)columns.Tracks[i];
            if (track >= tracks.Length || taken[track] == tracks[track].Length)
                throw IndexDamage.Unreadable();
            var row = starts[track] + taken[track];
            var sizeBytes = (int)columns.Sizes[row];
            if (sizeBytes < 0)
                throw IndexDamage.Unreadable();
            offset += columns.Gaps[i];
            tracks[track][taken[track]++] = new Sample(
                offset,
                sizeBytes,
                (uint)columns.Durations[row],
                (int)columns.Compositions[row],
                columns.Syncs[row] != 0
            );
            offset += sizeBytes;
        }

        return tracks;
    }

    static int[] StartsOf(int[] counts)
    {
        var starts = new int[counts.Length];
        for (var track = 1; track < counts.Length; track++)
            starts[track] = starts[track - 1] + counts[track - 1];
        return starts;
    }
}

/// <summary>A packed page, where its first sample lies in the file, and how many samples it holds of each track.</summary>
readonly record struct PageEntry(ReadOnlyMemory<byte> Packed, long Offset, int[] Counts);
