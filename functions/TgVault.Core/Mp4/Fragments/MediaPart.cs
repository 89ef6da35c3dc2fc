using System.Collections.Immutable;
using TgVault.Core.Mp4.Boxes;

namespace TgVault.Core.Mp4.Fragments;

/// <summary>Bytes to send: either given here, or a range of the file that is stored.</summary>
/// <param name="Bytes">Empty where the piece is of the stored file.</param>
/// <param name="Source">What to take from the stored file; its length is 0 otherwise.</param>
public readonly record struct MediaPiece(ReadOnlyMemory<byte> Bytes, SourceRange Source)
{
    public long LengthBytes => Bytes.Length + Source.LengthBytes;

    /// <summary>A part of the piece.</summary>
    public MediaPiece Slice(long offset, long length) =>
        Bytes.IsEmpty
            ? new MediaPiece(default, new SourceRange(Source.Offset + offset, length))
            : new MediaPiece(Bytes.Slice((int)offset, (int)length), default);
}

/// <summary>
/// A segment or fragment: its boxes, computed before any media byte is read, and then the media as ranges of the stored file, in order. The
/// ranges of neighbouring samples are joined.
/// </summary>
public sealed record MediaPart(ReadOnlyMemory<byte> Header, ImmutableArray<SourceRange> Ranges, long LengthBytes)
{
    /// <summary>The pieces that make up <paramref name="length"/> bytes from <paramref name="offset"/> on; all of them for 0 and <see cref="LengthBytes"/>.</summary>
    public IEnumerable<MediaPiece> Pieces(long offset, long length) => new PartSlice(this, offset, length).Pieces();

    internal IEnumerable<MediaPiece> All()
    {
        yield return new MediaPiece(Header, default);
        foreach (var range in Ranges)
            yield return new MediaPiece(default, range);
    }
}

/// <summary>So many bytes of a part from an offset on.</summary>
public readonly record struct PartSlice
{
    public PartSlice(MediaPart part, long offset, long lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lengthBytes, part.LengthBytes - offset);
        (Part, Offset, LengthBytes) = (part, offset, lengthBytes);
    }

    public MediaPart Part { get; }

    public long Offset { get; }

    public long LengthBytes { get; }

    /// <summary>The pieces that make it up, in order.</summary>
    public IEnumerable<MediaPiece> Pieces()
    {
        var (offset, length) = (Offset, LengthBytes);
        foreach (var piece in Part.All())
        {
            if (length <= 0)
                yield break;
            if (offset >= piece.LengthBytes)
            {
                offset -= piece.LengthBytes;
                continue;
            }

            var taken = Math.Min(length, piece.LengthBytes - offset);
            yield return piece.Slice(offset, taken);
            (offset, length) = (0, length - taken);
        }
    }
}
