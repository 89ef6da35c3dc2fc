using System.Net;
using TgVault.Cli.Chaos.Model;

namespace TgVault.Cli.Chaos.Actors;

/// <summary>A part of a source as the body of a request: computed as it is sent, slowly or broken off where wanted.</summary>
sealed class SourceContent(SourceFile source, long offset, long lengthBytes, TimeSpan betweenPieces, long? breakOffAt) : HttpContent
{
    const int PieceBytes = 64 << 10;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var piece = new byte[PieceBytes];
        for (var sent = 0L; sent < lengthBytes; )
        {
            // What is to be broken off must not arrive whole, however short it is.
            var count = (int)Math.Min(PieceBytes, (breakOffAt ?? lengthBytes) - sent);
            source.Read(offset + sent, piece.AsSpan(0, count));
            await stream.WriteAsync(piece.AsMemory(0, count), cancellationToken);
            sent += count;
            if (sent >= breakOffAt)
                throw new IOException("The client breaks off, as it was told.");
            if (betweenPieces > TimeSpan.Zero)
                await Task.Delay(betweenPieces, cancellationToken);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = lengthBytes;
        return true;
    }
}
