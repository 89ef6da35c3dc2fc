using System.Diagnostics;
using TgVault.Core.Mp4.Fragments;
using TgVault.Core.Playback.Open;

namespace TgVault.Core.Playback.Packaging;

/// <summary>
/// A segment or fragmented file as a seekable stream: computed boxes, and between them ranges of the stored file. Gives nothing that did not open.
/// Only asynchronous reads, one at a time. Owns the video's stream.
/// </summary>
public sealed class PartStream : Stream
{
    readonly VideoStream _source;
    readonly Func<long, long, IEnumerable<PartSlice>> _slicesOf;
    IEnumerator<PartSlice>? _slices;
    IEnumerator<MediaPiece>? _pieces;
    PartSlice? _next;
    MediaPiece _piece;
    long _position;

    PartStream(VideoStream source, long lengthBytes, Func<long, long, IEnumerable<PartSlice>> slicesOf)
    {
        _source = source;
        Length = lengthBytes;
        _slicesOf = slicesOf;
    }

    /// <summary>One segment of <paramref name="source"/>, which the stream disposes.</summary>
    public static PartStream Of(MediaPart part, VideoStream source) =>
        new(source, part.LengthBytes, (offset, length) => [new PartSlice(part, offset, length)]);

    /// <summary>All of <paramref name="source"/> as one fragmented file; the stream disposes it.</summary>
    public static PartStream Of(FragmentedFile file, VideoStream source) => new(source, file.LengthBytes, file.Slices);

    /// <summary>Where the range that is being read ends (exclusive), in bytes: no media behind it is fetched, unless reading goes beyond it.</summary>
    public long? ReadEnd { get; set; }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

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
            Forget();
        }
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        var target = checked(
            offset
            + origin switch
            {
                SeekOrigin.Begin => 0,
                SeekOrigin.Current => _position,
                SeekOrigin.End => Length,
                _ => throw new ArgumentOutOfRangeException(nameof(origin)),
            }
        );
        if (target < 0)
            throw new IOException("A stream has nothing before its beginning.");
        return Position = target;
    }

    /// <summary>Fills the buffer across pieces as far as the part goes: samples of interleaved tracks are small, and each would be a write of its own.</summary>
    /// <exception cref="VaultException">As reading the video's stream does.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = (int)Math.Min(buffer.Length, Math.Max(0, Length - _position));
        for (var done = 0; done < count; )
        {
            MoveToPiece();
            var read = (int)Math.Min(count - done, _piece.LengthBytes);
            var destination = buffer.Slice(done, read);
            if (_piece.Bytes.IsEmpty)
            {
                _source.Position = _piece.Source.Offset;
                read = await _source.ReadAsync(destination, cancellationToken);
                if (read == 0)
                    throw new UnreachableException("bug: a sample lies behind the end of its file");
            }
            else
            {
                _piece.Bytes[..read].CopyTo(destination);
            }

            _piece = _piece.Slice(read, _piece.LengthBytes - read);
            _position += read;
            done += read;
        }

        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Bytes come over the network: read asynchronously.");

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Forget();
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    void MoveToPiece()
    {
        while (_piece.LengthBytes == 0)
        {
            if (_pieces is null || !_pieces.MoveNext())
                MoveToSlice();
            else
                _piece = _pieces.Current;
        }
    }

    // The slice behind the one that is read is expected with it, so that reading ahead does not end where slices meet.
    void MoveToSlice()
    {
        if (_next is null)
            Begin();
        var current = _next ?? throw new UnreachableException("bug: a part's slices are shorter than the part");
        _next = Advance();
        _pieces?.Dispose();
        _pieces = current.Pieces().GetEnumerator();
        _source.Expect(current.Pieces().Concat(_next?.Pieces() ?? []).Select(piece => piece.Source));
    }

    void Begin()
    {
        _slices?.Dispose();
        var end = ReadEnd is { } known && known > _position ? Math.Min(known, Length) : Length;
        _slices = _slicesOf(_position, end - _position).GetEnumerator();
        _next = Advance();
    }

    PartSlice? Advance() => _slices!.MoveNext() ? _slices.Current : null;

    void Forget()
    {
        _slices?.Dispose();
        _pieces?.Dispose();
        (_slices, _pieces, _next, _piece) = (null, null, null, default);
    }
}
