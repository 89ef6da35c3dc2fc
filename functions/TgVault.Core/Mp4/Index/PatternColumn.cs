namespace TgVault.Core.Mp4.Index;

/// <summary>
/// Codes a column of numbers that repeat in patterns, such as durations, composition offsets or how tracks take turns: what followed the last
/// numbers before is expected to follow again, and only that it did, or what came instead, is stored. A constant column costs a few bytes.
/// </summary>
sealed class PatternColumn
{
    const int RecentCount = 32;
    const int OutcomeContexts = 32;
    const uint HitChance = 24_000;

    readonly Succession _succession = new();
    readonly BitChance[] _outcomes = new BitChance[OutcomeContexts];
    readonly AdaptiveNumber _ranks = new();
    readonly AdaptiveNumber _news = new();
    readonly int[] _recent = new int[RecentCount];
    int _recentCount;
    int _last;
    int _misses;

    public void Write(RangeEncoder coder, ReadOnlySpan<int> column)
    {
        Reset();
        foreach (var value in column)
        {
            var missed = value == _succession.Expected ? 0 : 1;
            coder.Write(ref _outcomes[Context], missed);
            if (missed != 0)
            {
                var rank = _recent.AsSpan(0, _recentCount).IndexOf(value);
                _ranks.Write(coder, (uint)(rank < 0 ? _recentCount : rank));
                if (rank < 0)
                    _news.Write(coder, AdaptiveNumber.Fold(unchecked(value - _last)));
                ToFront(value, rank);
            }

            Learn(value, missed);
        }
    }

    public void Read(ref RangeDecoder coder, Span<int> column)
    {
        Reset();
        foreach (ref var value in column)
        {
            var missed = coder.Read(ref _outcomes[Context]);
            value = _succession.Expected;
            if (missed != 0)
            {
                var rank = _ranks.Read(ref coder);
                if (rank > _recentCount)
                    throw Mp4Index.Unreadable();
                var isNew = rank == _recentCount;
                value = isNew ? unchecked(_last + AdaptiveNumber.Unfold(_news.Read(ref coder))) : _recent[rank];
                ToFront(value, isNew ? -1 : (int)rank);
            }

            Learn(value, missed);
        }
    }

    // Whether the last four came as expected, and whether this guess rests on a long memory.
    int Context => ((_misses & 15) << 1) | (_succession.IsLong ? 1 : 0);

    void Reset()
    {
        _succession.Reset();
        Array.Fill(_outcomes, BitChance.Of(HitChance));
        _ranks.Reset(1);
        _news.Reset(1024);
        _recentCount = _last = _misses = 0;
    }

    void ToFront(int value, int rank)
    {
        if (rank < 0)
        {
            if (_recentCount < RecentCount)
                _recentCount++;
            rank = _recentCount - 1;
        }

        _recent.AsSpan(0, rank).CopyTo(_recent.AsSpan(1));
        _recent[0] = value;
    }

    void Learn(int value, int missed)
    {
        _succession.Learn(value);
        _last = value;
        _misses = (_misses << 1) | missed;
    }
}
