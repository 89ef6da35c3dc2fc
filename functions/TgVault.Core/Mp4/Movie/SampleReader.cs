using TgVault.Core.Mp4.Boxes;

namespace TgVault.Core.Mp4.Movie;

/// <summary>
/// Reads one track's samples from its tables, in decoding order, a chunk at a time. It holds no more than its place in each table.
/// </summary>
sealed class SampleReader
{
    readonly SampleTables _tables;
    readonly long _sourceBytes;
    uint _next;
    uint _left;
    int _chunk = -1;
    int _run = -1;
    DurationReader _durations;
    int _offset = -1;
    uint _offsetLeft;
    int _sync;

    /// <param name="tables">The track's tables.</param>
    /// <param name="sourceBytes">The file's length: every chunk must lie in it.</param>
    public SampleReader(SampleTables tables, long sourceBytes)
    {
        _tables = tables;
        _sourceBytes = sourceBytes;
        _durations = new DurationReader(tables.Durations);
        NextChunk();
    }

    /// <summary>Where the next sample lies; meaningless at the end.</summary>
    public long Offset { get; private set; }

    /// <summary>The number of the next sample, from 0.</summary>
    public uint Next => _next;

    public bool AtEnd => _next == _tables.SampleCount;

    public Sample Read()
    {
        var size = _tables.EqualSize != 0 ? _tables.EqualSize : (uint)_tables.Sizes.Number((int)_next);
        if (size > int.MaxValue || size > _sourceBytes - Offset)
            throw Damage.PastEnd($"sample {_next} lies past the end of the file");
        var sample = new Sample(Offset, (int)size, NextDuration(), NextOffset(), NextSync());
        Offset += size;
        _next++;
        if (--_left == 0)
            NextChunk();
        return sample;
    }

    void NextChunk()
    {
        if (AtEnd)
            return;
        do
        {
            if (++_chunk >= _tables.Chunks.Count)
                throw Damage.Of($"its chunks hold {_next} of {_tables.SampleCount} samples");
            // stsc counts chunks from 1; a run lasts until the next one begins.
            while (_run + 1 < _tables.Runs.Count && _tables.Runs.UInt32(_run + 1) <= (uint)_chunk + 1)
                NextRun();
            if (_run < 0)
                throw Damage.In(BoxType.Stsc, "does not begin at the first chunk");
            _left = _tables.Runs.UInt32(_run, 1);
        } while (_left == 0);

        var offset = _tables.Chunks.Number(_chunk);
        if (offset > (ulong)_sourceBytes)
            throw Damage.PastEnd($"a chunk lies past the end of the file, at byte {offset}");
        Offset = (long)offset;
    }

    void NextRun()
    {
        _run++;
        if (_run > 0 && _tables.Runs.UInt32(_run) <= _tables.Runs.UInt32(_run - 1))
            throw Damage.In(BoxType.Stsc, "is not in order");
        if (_tables.Runs.UInt32(_run, 2) != 1)
            throw new MediaException("The MP4 changes its codec settings midway, which is not supported.");
    }

    uint NextDuration() =>
        _durations.TryNext(out var duration)
            ? duration
            : throw Damage.In(BoxType.Stts, $"has times for {_next} of {_tables.SampleCount} samples");

    // Version 0 says unsigned, yet writers store negative offsets there too (QuickTime does); both are read as signed. Missing ones are 0.
    int NextOffset()
    {
        while (_offsetLeft == 0)
        {
            if (++_offset >= _tables.Offsets.Count)
                return 0;
            _offsetLeft = _tables.Offsets.UInt32(_offset);
        }

        _offsetLeft--;
        return (int)_tables.Offsets.UInt32(_offset, 1);
    }

    bool NextSync()
    {
        if (!_tables.HasSync)
            return true;
        // A table without any is that of a film refreshed bit by bit, or forgotten: decoding begins where the film does.
        if (_tables.Sync.Count == 0)
            return _next == 0;
        // stss counts samples from 1.
        while (_sync < _tables.Sync.Count && _tables.Sync.UInt32(_sync) < _next + 1)
            _sync++;
        return _sync < _tables.Sync.Count && _tables.Sync.UInt32(_sync) == _next + 1;
    }
}
