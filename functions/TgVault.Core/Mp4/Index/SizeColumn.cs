namespace TgVault.Core.Mp4.Index;

/// <summary>
/// Codes sample sizes as the difference to the recent average of their kind. Kinds are told apart by what is known already: sync samples, and
/// samples with one composition offset, which is what P-, B- and reference B-frames differ in.
/// </summary>
sealed class SizeColumn
{
    const int Kinds = 8;
    const int FractionBits = 4;
    const int AdaptShift = 3;

    readonly long[] _averages = new long[Kinds];
    readonly bool[] _seen = new bool[Kinds];
    readonly RiceCode[] _codes = new RiceCode[Kinds];
    readonly int[] _offsets = new int[Kinds];
    int _offsetCount;
    bool _allSync;

    public void Write(BitWriter bits, ReadOnlySpan<int> sizes, ReadOnlySpan<int> offsets, ReadOnlySpan<int> syncs)
    {
        Reset(allSync: !syncs.Contains(0));
        for (var i = 0; i < sizes.Length; i++)
        {
            var kind = KindOf(offsets[i], syncs[i]);
            _codes[kind].Write(bits, RiceCode.Fold(unchecked(sizes[i] - Predict(kind))));
            Learn(kind, sizes[i]);
        }
    }

    public void Read(ref BitReader bits, Span<int> sizes, ReadOnlySpan<int> offsets, ReadOnlySpan<int> syncs)
    {
        Reset(allSync: !syncs.Contains(0));
        for (var i = 0; i < sizes.Length; i++)
        {
            var kind = KindOf(offsets[i], syncs[i]);
            sizes[i] = unchecked(Predict(kind) + RiceCode.Unfold(_codes[kind].Read(ref bits)));
            if (sizes[i] < 0) throw Mp4Index.Unreadable();
            Learn(kind, sizes[i]);
        }
    }

    void Reset(bool allSync)
    {
        _allSync = allSync;
        Array.Clear(_averages);
        Array.Clear(_seen);
        Array.Fill(_codes, RiceCode.Expecting(256));
        _offsetCount = 0;
    }

    int KindOf(int offset, int sync)
    {
        var known = _offsets.AsSpan(0, _offsetCount).IndexOf(offset);
        if (known < 0)
        {
            known = Math.Min(_offsetCount, Kinds - 2);
            if (_offsetCount < Kinds - 1) _offsets[_offsetCount++] = offset;
        }

        return sync != 0 && !_allSync ? Kinds - 1 : known;
    }

    int Predict(int kind) => (int)(_averages[kind] >> FractionBits);

    void Learn(int kind, int size)
    {
        var scaled = (long)size << FractionBits;
        _averages[kind] = _seen[kind] ? _averages[kind] + ((scaled - _averages[kind]) >> AdaptShift) : scaled;
        _seen[kind] = true;
    }
}
