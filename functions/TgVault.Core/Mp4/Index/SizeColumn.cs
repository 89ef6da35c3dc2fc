namespace TgVault.Core.Mp4.Index;

/// <summary>
/// Codes sample sizes as the difference to what their kind's last ones let expect. Kinds are told apart by what is known already: sync samples, and
/// samples with one composition offset, which is what P-, B- and reference B-frames differ in.
/// </summary>
sealed class SizeColumn
{
    const int Kinds = 8;
    const int SizeWithoutAny = 300;

    readonly SizeForecast[] _forecasts = [.. Enumerable.Range(0, Kinds).Select(_ => new SizeForecast())];
    readonly int[] _offsets = new int[Kinds];
    readonly DifferenceCode _differences = new();
    int _offsetCount;
    int _last;
    bool _allSync;

    public void Write(RangeEncoder coder, ReadOnlySpan<int> sizes, ReadOnlySpan<int> offsets, ReadOnlySpan<int> syncs)
    {
        Reset(allSync: !syncs.Contains(0));
        for (var i = 0; i < sizes.Length; i++)
        {
            var forecast = Next(offsets[i], syncs[i]);
            _differences.Write(coder, forecast.Spread, ref forecast.Sign, sizes[i] - forecast.Expected);
            Learn(forecast, sizes[i]);
        }
    }

    public void Read(ref RangeDecoder coder, Span<int> sizes, ReadOnlySpan<int> offsets, ReadOnlySpan<int> syncs)
    {
        Reset(allSync: !syncs.Contains(0));
        for (var i = 0; i < sizes.Length; i++)
        {
            var forecast = Next(offsets[i], syncs[i]);
            var size = forecast.Expected + _differences.Read(ref coder, forecast.Spread, ref forecast.Sign);
            sizes[i] = size is >= 0 and <= int.MaxValue ? (int)size : throw Mp4Index.Unreadable();
            Learn(forecast, sizes[i]);
        }
    }

    void Reset(bool allSync)
    {
        _allSync = allSync;
        _offsetCount = 0;
        _last = SizeWithoutAny;
        _differences.Reset();
        foreach (var forecast in _forecasts)
            forecast.Reset();
    }

    SizeForecast Next(int offset, int sync)
    {
        var forecast = _forecasts[KindOf(offset, sync)];
        forecast.Begin(_last);
        return forecast;
    }

    int KindOf(int offset, int sync)
    {
        var known = _offsets.AsSpan(0, _offsetCount).IndexOf(offset);
        if (known < 0)
        {
            known = Math.Min(_offsetCount, Kinds - 2);
            if (_offsetCount < Kinds - 1)
                _offsets[_offsetCount++] = offset;
        }

        return sync != 0 && !_allSync ? Kinds - 1 : known;
    }

    void Learn(SizeForecast forecast, int size)
    {
        forecast.Learn(size);
        _last = size;
    }
}
