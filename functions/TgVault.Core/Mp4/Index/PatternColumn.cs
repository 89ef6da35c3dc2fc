namespace TgVault.Core.Mp4.Index;

/// <summary>
/// Codes a column of numbers that repeat in patterns, such as durations, composition offsets or how tracks interleave: what followed the last
/// numbers before is expected to follow again, and only how long that holds and what broke it is stored. A constant column costs a byte or two.
/// </summary>
sealed class PatternColumn
{
    const int RecentCount = 32;

    readonly Succession _succession = new();
    readonly int[] _recent = new int[RecentCount];
    int _recentCount;
    int _last;
    RiceCode _runs;
    RiceCode _ranks;
    RiceCode _news;

    public void Write(BitWriter bits, ReadOnlySpan<int> column)
    {
        Reset();
        var run = 0u;
        foreach (var value in column)
        {
            if (value == _succession.Expected)
            {
                run++;
            }
            else
            {
                _runs.Write(bits, run);
                run = 0;
                var rank = _recent.AsSpan(0, _recentCount).IndexOf(value);
                _ranks.Write(bits, (uint)(rank < 0 ? _recentCount : rank));
                if (rank < 0) _news.Write(bits, RiceCode.Fold(unchecked(value - _last)));
                ToFront(value, rank);
            }

            Learn(value);
        }

        _runs.Write(bits, run);
    }

    public void Read(ref BitReader bits, Span<int> column)
    {
        Reset();
        var run = _runs.Read(ref bits);
        foreach (ref var value in column)
        {
            if (run > 0)
            {
                run--;
                value = _succession.Expected;
            }
            else
            {
                var rank = _ranks.Read(ref bits);
                if (rank > _recentCount) throw Mp4Index.Unreadable();
                var isNew = rank == _recentCount;
                value = isNew ? unchecked(_last + RiceCode.Unfold(_news.Read(ref bits))) : _recent[rank];
                ToFront(value, isNew ? -1 : (int)rank);
                run = _runs.Read(ref bits);
            }

            Learn(value);
        }
    }

    void Reset()
    {
        _succession.Reset();
        _recentCount = _last = 0;
        _runs = RiceCode.Expecting(8);
        _ranks = RiceCode.Expecting(1);
        _news = RiceCode.Expecting(1024);
    }

    void ToFront(int value, int rank)
    {
        if (rank < 0)
        {
            if (_recentCount < RecentCount) _recentCount++;
            rank = _recentCount - 1;
        }

        _recent.AsSpan(0, rank).CopyTo(_recent.AsSpan(1));
        _recent[0] = value;
    }

    void Learn(int value)
    {
        _succession.Learn(value);
        _last = value;
    }
}
