using System.Collections.Concurrent;
using TgVault.Core.Mp4.Movie;

namespace TgVault.Core.Mp4.Index;

/// <summary>
/// Samples of all tracks that lie one after another in the file, in columns. Tracks are kept together because one track's offsets follow from the
/// other tracks' sizes: only the order in which tracks take turns, and rare gaps, are stored. Used by one thread at a time; disposing makes it
/// available to the next reader.
/// </summary>
sealed class SamplePage : IDisposable
{
    /// <summary>About 100 s of video with sound: large enough for the codes to adapt, small enough to be read for one segment.</summary>
    public const int MaxSamples = 8192;

    const int KeptForReuse = 8;

    static readonly ConcurrentBag<SamplePage> Spare = [];

    readonly int[] _durations = new int[MaxSamples];
    readonly int[] _compositions = new int[MaxSamples];
    readonly int[] _syncs = new int[MaxSamples];
    readonly int[] _distances = new int[MaxSamples];
    readonly int[] _sizes = new int[MaxSamples];
    readonly long[] _offsets = new long[MaxSamples];
    readonly int[] _turns = new int[MaxSamples];
    readonly int[] _gaps = new int[MaxSamples];
    readonly int[] _highGaps = new int[MaxSamples];
    readonly PatternColumn _pattern = new();
    readonly SizeColumn _size = new();
    int[] _starts = [];

    SamplePage() { }

    public static SamplePage Rent() => Spare.TryTake(out var page) ? page : new SamplePage();

    public void Dispose()
    {
        if (Spare.Count < KeptForReuse)
            Spare.Add(this);
    }

    public int CountOf(int track) => _starts[track + 1] - _starts[track];

    public Sample this[int track, int index]
    {
        get
        {
            var at = _starts[track] + index;
            return new Sample(_offsets[at], _sizes[at], (uint)_durations[at], _compositions[at], _syncs[at] != 0);
        }
    }

    /// <summary>Codes samples given in file order, as (track, sample).</summary>
    public PageEntry Write(ReadOnlySpan<(int Track, Sample Sample)> samples, int tracks, RangeEncoder coder)
    {
        Place(samples, tracks);
        var turns = TakeTurns(samples, tracks);
        coder.Write((uint)turns, 16);
        _pattern.Write(coder, _turns.AsSpan(0, turns));
        _pattern.Write(coder, _gaps.AsSpan(0, turns));
        _pattern.Write(coder, _highGaps.AsSpan(0, turns));
        var counts = new int[tracks];
        for (var track = 0; track < tracks; track++)
        {
            var range = _starts[track].._starts[track + 1];
            counts[track] = CountOf(track);
            _pattern.Write(coder, _durations.AsSpan(range));
            _pattern.Write(coder, _compositions.AsSpan(range));
            WriteSyncs(coder, _syncs.AsSpan(range));
            _size.Write(coder, _sizes.AsSpan(range), _compositions.AsSpan(range), _syncs.AsSpan(range));
        }

        return new PageEntry(coder.Finish(), samples[0].Sample.Offset, counts);
    }

    /// <exception cref="MediaException">The bytes are not what <see cref="Write"/> gave.</exception>
    public void Read(in PageEntry entry)
    {
        var counts = entry.Counts;
        _starts = new int[counts.Length + 1];
        for (var track = 0; track < counts.Length; track++)
            _starts[track + 1] = _starts[track] + counts[track];
        if (_starts[^1] > MaxSamples)
            throw Mp4Index.Unreadable();

        var coder = new RangeDecoder(entry.Coded.Span);
        var turns = (int)coder.Read(16);
        if (turns > _starts[^1])
            throw Mp4Index.Unreadable();
        _pattern.Read(ref coder, _turns.AsSpan(0, turns));
        _pattern.Read(ref coder, _gaps.AsSpan(0, turns));
        _pattern.Read(ref coder, _highGaps.AsSpan(0, turns));
        for (var track = 0; track < counts.Length; track++)
        {
            var range = _starts[track].._starts[track + 1];
            _pattern.Read(ref coder, _durations.AsSpan(range));
            _pattern.Read(ref coder, _compositions.AsSpan(range));
            ReadSyncs(ref coder, _syncs.AsSpan(range));
            _size.Read(ref coder, _sizes.AsSpan(range), _compositions.AsSpan(range), _syncs.AsSpan(range));
        }

        FollowTurns(turns, counts.Length, entry.Offset);
    }

    // Sync samples as the distances between them, which seldom change.
    void WriteSyncs(RangeEncoder coder, ReadOnlySpan<int> syncs)
    {
        var (count, last) = (0, -1);
        for (var i = 0; i < syncs.Length; i++)
        {
            if (syncs[i] == 0)
                continue;
            _distances[count++] = i - last;
            last = i;
        }

        coder.Write((uint)count, 16);
        _pattern.Write(coder, _distances.AsSpan(0, count));
    }

    void ReadSyncs(ref RangeDecoder coder, Span<int> syncs)
    {
        syncs.Clear();
        var count = (int)coder.Read(16);
        if (count > syncs.Length)
            throw Mp4Index.Unreadable();
        _pattern.Read(ref coder, _distances.AsSpan(0, count));
        var at = -1;
        foreach (var distance in _distances.AsSpan(0, count))
        {
            if (distance <= 0 || distance >= syncs.Length - at)
                throw Mp4Index.Unreadable();
            syncs[at += distance] = 1;
        }
    }

    void Place(ReadOnlySpan<(int Track, Sample Sample)> samples, int tracks)
    {
        _starts = new int[tracks + 1];
        foreach (var (track, _) in samples)
            _starts[track + 1]++;
        for (var track = 0; track < tracks; track++)
            _starts[track + 1] += _starts[track];
        Span<int> next = stackalloc int[tracks];
        _starts.AsSpan(0, tracks).CopyTo(next);
        foreach (var (track, sample) in samples)
        {
            var at = next[track]++;
            _durations[at] = (int)sample.Duration;
            _compositions[at] = sample.CompositionOffset;
            _syncs[at] = sample.IsSync ? 1 : 0;
            _sizes[at] = sample.SizeBytes;
        }
    }

    // A turn is a number of samples of one track without a gap between them.
    int TakeTurns(ReadOnlySpan<(int Track, Sample Sample)> samples, int tracks)
    {
        var turns = 0;
        var end = samples[0].Sample.Offset;
        for (var i = 0; i < samples.Length; turns++)
        {
            var (track, sample) = samples[i];
            var gap = sample.Offset - end;
            (_gaps[turns], _highGaps[turns]) = ((int)gap, (int)(gap >> 32));
            var count = 0;
            for (end = sample.Offset; i < samples.Length && samples[i].Track == track && samples[i].Sample.Offset == end; i++, count++)
                end += samples[i].Sample.SizeBytes;
            _turns[turns] = (count * tracks) + track;
        }

        return turns;
    }

    void FollowTurns(int turns, int tracks, long offset)
    {
        Span<int> next = stackalloc int[tracks];
        _starts.AsSpan(0, tracks).CopyTo(next);
        for (var i = 0; i < turns; i++)
        {
            var (count, track) = Math.DivRem(_turns[i], tracks);
            if (track < 0 || count < 0 || count > _starts[track + 1] - next[track])
                throw Mp4Index.Unreadable();
            offset += ((long)_highGaps[i] << 32) | (uint)_gaps[i];
            for (; count > 0; count--)
            {
                _offsets[next[track]] = offset;
                offset += _sizes[next[track]++];
            }
        }

        for (var track = 0; track < tracks; track++)
        {
            if (next[track] != _starts[track + 1])
                throw Mp4Index.Unreadable();
        }
    }
}

/// <summary>A coded page, where its first sample lies in the file, and how many samples it holds of each track.</summary>
readonly record struct PageEntry(ReadOnlyMemory<byte> Coded, long Offset, int[] Counts);
