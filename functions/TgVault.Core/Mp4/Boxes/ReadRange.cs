namespace TgVault.Core.Mp4.Boxes;

/// <summary>Fills the whole destination with the source's bytes from <paramref name="offset"/> on; the range is always inside the source.</summary>
public delegate Task ReadRange(long offset, Memory<byte> destination, CancellationToken cancellationToken);

/// <summary>Bytes of the source, from <paramref name="Offset"/> on.</summary>
public readonly record struct SourceRange(long Offset, long LengthBytes)
{
    public long End => Offset + LengthBytes;
}
