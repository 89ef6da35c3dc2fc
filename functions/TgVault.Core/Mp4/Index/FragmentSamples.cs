using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Movie;

namespace TgVault.Core.Mp4.Index;

/// <summary>
/// Collects the samples of a fragmented file: moof after moof, each with runs of samples per track (ISO 14496-12 §8.8). Costs about one
/// small read per fragment and one per media box.
/// </summary>
sealed class FragmentSamples
{
    /// <summary>A fragment of a few seconds takes some kilobytes.</summary>
    const int MaxMoofBytes = 16 << 20;

    /// <summary>A day of one fragment per second, with its media and its own index.</summary>
    const int MaxBoxes = 300_000;

    readonly MovieBox _movie;
    readonly List<TrackBox> _tracks;
    readonly long _sourceBytes;
    readonly SampleCollector _collector;
    readonly long?[] _starts;
    readonly long[] _times;
    readonly Sample?[] _held;

    /// <param name="movie">The file's moov.</param>
    /// <param name="tracks">Those of its tracks that are indexed.</param>
    /// <param name="sourceBytes">The file's length.</param>
    /// <param name="starts">
    /// When the first samples in moov's own tables are decoded, where there are some: fragments go on from them.
    /// </param>
    /// <param name="collector">Where the samples go.</param>
    public FragmentSamples(MovieBox movie, List<TrackBox> tracks, long sourceBytes, long[] starts, SampleCollector collector)
    {
        (_movie, _tracks, _sourceBytes, _collector) = (movie, tracks, sourceBytes, collector);
        _starts = [.. starts.Select((start, track) => collector.Span(track).Count > 0 ? start : (long?)null)];
        _times = [.. starts.Select((start, track) => start + collector.Span(track).DecodeTicks)];
        _held = new Sample?[tracks.Count];
    }

    /// <summary>
    /// Collects all fragments from <paramref name="offset"/> on; returns when each track's first sample is decoded, in ticks.
    /// </summary>
    public async Task<long[]> CollectAsync(ReadRange read, long offset, CancellationToken cancellationToken)
    {
        using var window = new RangeWindow(read, _sourceBytes);
        for (var boxes = 0; _sourceBytes - offset >= BoxHeader.MinBytes; boxes++)
        {
            if (boxes == MaxBoxes)
                throw Damage.Of($"it has more than {MaxBoxes} boxes side by side");
            var headerBytes = (int)Math.Min(BoxHeader.MaxBytes, _sourceBytes - offset);
            var header = BoxHeader.Read(
                (await window.GetAsync(offset, headerBytes, cancellationToken)).Span,
                _sourceBytes - offset,
                topLevel: true
            );
            if (header.Type == BoxType.Moof)
            {
                if (header.SizeBytes > MaxMoofBytes)
                    throw Damage.In(BoxType.Moof, $"has {header.SizeBytes} bytes");
                var moof = await window.GetAsync(offset, (int)header.SizeBytes, cancellationToken);
                CollectFragment(moof.Span[header.HeaderBytes..], offset);
            }

            offset += header.SizeBytes;
        }

        for (var track = 0; track < _held.Length; track++)
            Release(track);
        return [.. _starts.Select(start => start ?? 0)];
    }

    void CollectFragment(ReadOnlySpan<byte> moof, long moofOffset)
    {
        var end = moofOffset;
        var children = new BoxCursor(moof);
        while (children.MoveNext())
        {
            if (children.Type == BoxType.Traf)
                end = CollectTrack(children.Payload, moofOffset, end);
        }
    }

    // Returns where the track's data ends: the next track's begins there unless it says otherwise.
    long CollectTrack(ReadOnlySpan<byte> traf, long moofOffset, long previousEnd)
    {
        TrackFragment? fragment = null;
        var end = previousEnd;
        var children = new BoxCursor(traf);
        while (children.MoveNext())
        {
            if (children.Type == BoxType.Tfhd)
            {
                fragment = TrackFragment.Read(children.Payload, _movie, moofOffset, previousEnd);
                end = fragment.Value.BaseOffset;
            }
            else if (children.Type == BoxType.Tfdt && fragment is { } dated)
            {
                var fields = new BoxFields(BoxType.Tfdt, children.Payload).ReadVersion();
                SetTime(TrackNumber(dated.Track), fields.Time());
            }
            else if (children.Type == BoxType.Trun)
            {
                if (fragment is not { } running)
                    throw Damage.In(BoxType.Traf, "does not say which track it is of");
                end = CollectRun(children.Payload, running, TrackNumber(running.Track), end);
            }
        }

        return end;
    }

    // The time the track has reached must be the one that is told: a gap lengthens the sample before it, a small step back shortens it.
    void SetTime(int track, ulong told)
    {
        if (track < 0)
            return;
        if (told > EditList.MaxTime)
            throw Damage.In(BoxType.Tfdt, "has a time that is out of range");
        var time = (long)told;
        if (_held[track] is not { } held)
        {
            if (_starts[track] is not null && time != _times[track])
                throw Damage.In(BoxType.Tfdt, "comes twice with different times");
            _starts[track] = _times[track] = time;
            return;
        }

        var duration = held.Duration + time - _times[track];
        if (duration is < 0 or > uint.MaxValue)
            throw Damage.In(BoxType.Tfdt, "goes back in time or leaves too long a gap");
        _held[track] = held with { Duration = (uint)duration };
        _times[track] = time;
    }

    long CollectRun(ReadOnlySpan<byte> trun, TrackFragment fragment, int track, long dataEnd)
    {
        const uint dataOffset = 1,
            firstFlags = 4,
            ownDuration = 0x100,
            ownSize = 0x200,
            ownFlags = 0x400,
            ownComposition = 0x800,
            nonSync = 0x10000;
        var fields = new BoxFields(BoxType.Trun, trun).ReadVersion();
        var has = fields.Flags;
        var count = fields.UInt32();
        var offset = (has & dataOffset) != 0 ? fragment.BaseOffset + fields.Int32() : dataEnd;
        uint? first = (has & firstFlags) != 0 ? fields.UInt32() : null;
        if (count > SampleCollector.MaxSamples)
            throw new MediaException($"The MP4 has more than {SampleCollector.MaxSamples} samples.");
        // A run of equal samples takes no room for however many it claims, so those of tracks that are not indexed are not counted through.
        const uint own = ownDuration | ownSize | ownFlags | ownComposition;
        if (track < 0 && (has & own) == 0)
            return EndOf(offset, count * (long)fragment.Defaults.SizeBytes);
        for (var i = 0; i < count; i++)
        {
            var duration = (has & ownDuration) != 0 ? fields.UInt32() : fragment.Defaults.Duration;
            var size = (has & ownSize) != 0 ? fields.UInt32() : fragment.Defaults.SizeBytes;
            var flags =
                (has & ownFlags) != 0 ? fields.UInt32()
                : i == 0 && first is { } given ? given
                : fragment.Defaults.Flags;
            var composition = (has & ownComposition) != 0 ? fields.Int32() : 0;
            if (size > int.MaxValue)
                throw PastTheEnd();
            var end = EndOf(offset, size);
            if (track >= 0)
                Hold(track, new Sample(offset, (int)size, duration, composition, !_tracks[track].Entry.IsVideo || (flags & nonSync) == 0));
            offset = end;
        }

        return offset;
    }

    long EndOf(long offset, long bytes) => offset >= 0 && offset <= _sourceBytes - bytes ? offset + bytes : throw PastTheEnd();

    static MediaException PastTheEnd() => Damage.PastEnd("a sample of a fragment lies past the end of the file");

    void Hold(int track, Sample sample)
    {
        Release(track);
        _starts[track] ??= _times[track];
        _held[track] = sample;
        _times[track] += sample.Duration;
        if (_times[track] > EditList.MaxTime)
            throw Damage.Of("its times are out of range");
    }

    void Release(int track)
    {
        if (_held[track] is { } held)
            _collector.Add(track, held);
        _held[track] = null;
    }

    int TrackNumber(uint id)
    {
        for (var i = 0; i < _tracks.Count; i++)
        {
            if (_tracks[i].Id == id)
                return i;
        }

        return -1;
    }
}
