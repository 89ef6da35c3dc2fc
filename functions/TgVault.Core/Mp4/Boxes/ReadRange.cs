namespace TgVault.Core.Mp4.Boxes;

/// <summary>
/// Fills the whole destination with the source's bytes from <paramref name="offset"/> on; the range is always inside the source.
/// </summary>
delegate Task ReadRange(long offset, Memory<byte> destination, CancellationToken cancellationToken);

/// <summary>
/// A range: so many bytes of one file, from <paramref name="Offset"/> on. The word for a run of bytes that is nothing more special.
/// </summary>
readonly record struct SourceRange(long Offset, long LengthBytes)
{
    public long End => Offset + LengthBytes;
}
