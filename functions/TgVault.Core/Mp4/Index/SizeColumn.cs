namespace TgVault.Core.Mp4.Index;

/// <summary>
/// Codes sample sizes as the difference to the recent average of their kind. Kinds are told apart by what is known already: sync samples, and
/// samples with one composition offset, which is what P-, B- and reference B-frames differ in.
/// </summary>
sealed class SizeColumn
{
    const int Kinds = 8;
    const int FractionBits = 4;
    const int SlowestAdapt = 32;

    readonly long[] _averages = new long[Kinds];
    readonly int[] _seen = new int[Kinds];
    readonly AdaptiveNumber[] _codes = [.. Enumerable.Range(0, Kinds).Select(_ => new AdaptiveNumber())];
    readonly int[] _offsets = new int[Kinds];
    int _offsetCount;
    bool _allSync;

    public void Write(RangeEncoder coder, ReadOnlySpan<int> sizes, ReadOnlySpan<int> offsets, ReadOnlySpan<int> syncs)
    {
        Reset(allSync: !syncs.Contains(0));
        for (var i = 0; i < sizes.Length; i++)
        {
            var kind = KindOf(offsets[i], syncs[i]);
            _codes[kind].Write(coder, AdaptiveNumber.Fold(unchecked(sizes[i] - Predict(kind))));
            Learn(kind, sizes[i]);
        }
    }

    public void Read(ref RangeDecoder coder, Span<int> sizes, ReadOnlySpan<int> offsets, ReadOnlySpan<int> syncs)
    {
        Reset(allSync: !syncs.Contains(0));
        for (var i = 0; i < sizes.Length; i++)
        {
            var kind = KindOf(offsets[i], syncs[i]);
            sizes[i] = unchecked(Predict(kind) + AdaptiveNumber.Unfold(_codes[kind].Read(ref coder)));
            if (sizes[i] < 0) throw Mp4Index.Unreadable();
            Learn(kind, sizes[i]);
        }
    }

    void Reset(bool allSync)
    {
        _allSync = allSync;
        Array.Clear(_averages);
        Array.Clear(_seen);
        foreach (var code in _codes) code.Reset(256);
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
        if (_seen[kind] < SlowestAdapt) _seen[kind]++;
        _averages[kind] += (((long)size << FractionBits) - _averages[kind]) / _seen[kind];
    }
}
