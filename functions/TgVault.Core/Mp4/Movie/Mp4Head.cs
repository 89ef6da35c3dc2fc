using TgVault.Core.Mp4.Boxes;

namespace TgVault.Core.Mp4.Movie;

/// <summary>
/// The layout of an MP4 and its ftyp and moov in memory: read once, and handed on to whatever moves it, indexes it or takes its texts
/// out. Nobody changes its bytes.
/// </summary>
sealed record Mp4Head
{
    /// <summary>The largest moov that is read; nginx-vod-module draws the same line. About 30 hours of video.</summary>
    public const int MaxMoovBytes = 128 << 20;

    /// <summary>The largest ftyp that is read; any that a program writes is far below.</summary>
    public const int MaxFileTypeBytes = 64 << 10;

    public required Mp4Layout Layout { get; init; }

    /// <summary>The whole ftyp box; empty where there is none, or where it is larger than is read.</summary>
    public required ReadOnlyMemory<byte> FileType { get; init; }

    /// <summary>The whole moov box.</summary>
    public required ReadOnlyMemory<byte> Moov { get; init; }

    public ReadOnlyMemory<byte> MoovPayload => Moov[Layout.Moov.HeaderBytes..];

    /// <summary>Walks the file's own boxes, and reads ftyp and moov.</summary>
    /// <exception cref="MediaException">This is no MP4, it is cut short or damaged, or its moov is larger than is read.</exception>
    public static async Task<Mp4Head> ReadAsync(ReadRange read, long lengthBytes, CancellationToken cancellationToken) =>
        await ReadAsync(await Mp4Layout.ReadAsync(read, lengthBytes, cancellationToken), read, cancellationToken);

    /// <summary>Reads ftyp and moov of a file whose layout is known.</summary>
    /// <exception cref="MediaException">The moov is larger than is read.</exception>
    public static async Task<Mp4Head> ReadAsync(Mp4Layout layout, ReadRange read, CancellationToken cancellationToken)
    {
        if (layout.Moov.LengthBytes > MaxMoovBytes)
            throw new MediaException($"The MP4's index has {layout.Moov.LengthBytes} bytes; up to {MaxMoovBytes} are read.");
        return new Mp4Head
        {
            Layout = layout,
            FileType = layout.FileType is { LengthBytes: <= MaxFileTypeBytes } fileType
                ? await ReadAsync(fileType, read, cancellationToken)
                : default,
            Moov = await ReadAsync(layout.Moov, read, cancellationToken),
        };
    }

    static async Task<ReadOnlyMemory<byte>> ReadAsync(TopBox box, ReadRange read, CancellationToken cancellationToken)
    {
        var bytes = GC.AllocateUninitializedArray<byte>((int)box.LengthBytes);
        await read(box.Offset, bytes, cancellationToken);
        return bytes;
    }
}
