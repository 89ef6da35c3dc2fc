using System.Diagnostics;
using TgVault.Core.Mp4.Fragments;
using TgVault.Core.Playback.Open;
using TgVault.Core.Streams;

namespace TgVault.Core.Playback.Packaging;

/// <summary>
/// A segment or a fragmented file as a seekable stream: the boxes of each part, and behind them ranges of the stored file. Gives nothing
/// that did not open. Owns the stored file's stream.
/// </summary>
internal sealed class PartStream : ReadOnlyStream
{
    readonly VideoStream _source;
    readonly Func<long, PlacedPart> _partAt;
    PlacedPart? _part;
    PlacedPart? _next;
    long _expectedEnd;
    int _range;
    long _rangeStart;
    long _position;

    PartStream(VideoStream source, long lengthBytes, Func<long, PlacedPart> partAt)
    {
        _source = source;
        Length = lengthBytes;
        _partAt = partAt;
    }

    /// <summary>One segment of <paramref name="source"/>, which the stream disposes.</summary>
    public static PartStream Of(MediaPart part, VideoStream source) => new(source, part.LengthBytes, _ => new PlacedPart(part, 0));

    /// <summary>All of <paramref name="source"/> as one fragmented file; the stream disposes it.</summary>
    public static PartStream Of(FragmentedFile file, VideoStream source) => new(source, file.LengthBytes, file.PartAt);

    /// <summary>How many bytes are fetched for each of one segment's, if nothing of it is in memory: 1 or more.</summary>
    public static double CostOf(MediaPart part, VideoStream source) => source.CostOf(part.Ranges);

    public override bool CanSeek => true;

    public override long Length { get; }

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            if (value == _position)
                return;
            _position = value;
            (_part, _next, _expectedEnd) = (null, null, 0);
        }
    }

    /// <summary>
    /// Fills the buffer as far as the stream goes: samples of interleaved tracks are small, and each would be a write of its own.
    /// </summary>
    /// <exception cref="VaultException">As reading the stored file's stream does.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = (int)Math.Min(buffer.Length, Math.Max(0, Length - _position));
        for (var done = 0; done < count; )
        {
            if (_part is null || _position >= _expectedEnd)
                MoveToPart();
            var destination = buffer[done..(int)Math.Min(count, done + _expectedEnd - _position)];
            var read = TryCopyBoxes(destination.Span);
            if (read == 0)
                read = await ReadMediaAsync(destination, cancellationToken);
            _position += read;
            done += read;
        }

        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _source.Dispose();
        base.Dispose(disposing);
    }

    int TryCopyBoxes(Span<byte> destination)
    {
        var (part, start) = _part!.Value;
        if (_position - start >= part.Header.Length)
            return 0;
        var boxes = part.Header.Span[(int)(_position - start)..];
        var count = Math.Min(boxes.Length, destination.Length);
        boxes[..count].CopyTo(destination);
        return count;
    }

    async ValueTask<int> ReadMediaAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        var (part, start) = _part!.Value;
        var offset = _position - start - part.Header.Length;
        while (offset >= _rangeStart + part.Ranges[_range].LengthBytes)
            _rangeStart += part.Ranges[_range++].LengthBytes;
        var range = part.Ranges[_range];
        _source.Position = range.Offset + offset - _rangeStart;
        var read = await _source.ReadAsync(
            destination[..(int)Math.Min(destination.Length, range.End - _source.Position)],
            cancellationToken
        );
        return read > 0 ? read : throw new UnreachableException("bug: a sample lies behind the end of its file");
    }

    // The part behind the one that is read is expected with it, so that reading ahead does not end where parts meet.
    void MoveToPart()
    {
        var end = ReadEnd is { } known && known > _position ? Math.Min(known, Length) : Length;
        var part = _next is { } next && next.Start == _position ? next : _partAt(_position);
        _next = part.End < end ? _partAt(part.End) : null;
        _source.Expect([.. part.RangesOf(_position, end), .. _next?.RangesOf(part.End, end) ?? []]);
        (_part, _expectedEnd, _range, _rangeStart) = (part, Math.Min(part.End, end), 0, 0);
    }
}
