using System.Collections.Immutable;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Movie;

namespace TgVault.Core.Mp4.Index;

/// <summary>
/// Takes samples of all tracks in file order and packs them page by page; holds one page of samples and the packed pages.
/// </summary>
sealed class SampleCollector(int tracks, long sourceBytes)
{
    /// <summary>Over all tracks.</summary>
    public const int MaxSamples = SampleTables.MaxSamples;

    const int MostTimes = 8;

    // Real files have a few; without a limit they would cost a file nothing to claim.
    const int MaxEmptySamples = 65_536;

    readonly (int Track, Sample Sample)[] _pending = new (int, Sample)[SamplePage.MaxSamples];
    readonly TrackSpan[] _spans = new TrackSpan[tracks];
    readonly ImmutableArray<PageEntry>.Builder _pages = ImmutableArray.CreateBuilder<PageEntry>();
    int _count;
    int _total;
    int _empty;
    long _bytes;
    long _again;

    /// <param name="track">The track's place among those indexed.</param>
    /// <param name="sample">The sample; the track's next in decoding order.</param>
    public void Add(int track, Sample sample)
    {
        if (++_total > MaxSamples)
            throw new MediaException($"The MP4 has more than {MaxSamples} samples.") { Fault = MediaFault.Content };
        if (sample.SizeBytes == 0 && ++_empty > MaxEmptySamples)
            throw Damage.Of($"it has more than {MaxEmptySamples} empty samples");
        _bytes += sample.SizeBytes;
        if (_bytes > sourceBytes + _again)
            throw Damage.Of("its samples overlap: together they are larger than the file");
        _spans[track].Extend(sample);
        _pending[_count++] = (track, sample);
        if (_count == _pending.Length)
            Flush();
    }

    /// <summary>Pieces of a track may show the same samples again, so many bytes of them.</summary>
    /// <exception cref="MediaException">It is many times the file.</exception>
    public void AllowAgain(long bytes)
    {
        if (bytes > sourceBytes * MostTimes)
            throw Damage.Of("it shows the same samples again and again");
        _again += bytes;
    }

    /// <summary>What was added of a track so far.</summary>
    public TrackSpan Span(int track) => _spans[track];

    public (ImmutableArray<PageEntry> Pages, TrackSpan[] Spans) Finish()
    {
        if (_count > 0)
            Flush();
        return (_pages.ToImmutable(), _spans);
    }

    void Flush()
    {
        _pages.Add(SamplePage.Pack(_pending.AsSpan(0, _count), tracks));
        _count = 0;
    }
}

/// <summary>
/// Of one track: how many samples, and from when to when they are decoded and shown, counted from the first one's decoding, in ticks.
/// </summary>
struct TrackSpan
{
    public int Count { get; private set; }

    public long DecodeTicks { get; private set; }

    public long FirstShown { get; private set; }

    public int LeastComposition { get; private set; }

    public long EndShown { get; private set; }

    public void Extend(Sample sample)
    {
        var shown = DecodeTicks + sample.CompositionOffset;
        FirstShown = Count == 0 ? shown : Math.Min(FirstShown, shown);
        LeastComposition = Count == 0 ? sample.CompositionOffset : Math.Min(LeastComposition, sample.CompositionOffset);
        EndShown = Math.Max(EndShown, shown + sample.Duration);
        DecodeTicks += sample.Duration;
        Count++;
    }
}
