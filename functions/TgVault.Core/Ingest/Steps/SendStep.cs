using System.Buffers;
using System.Security.Cryptography;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Ingest.Prepare;
using TgVault.Core.Keys;
using TgVault.Core.Library;
using TgVault.Core.Staging;
using TgVault.Core.Telemetry;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Steps;

/// <summary>Seals one chunk, posts it, and records where it is. The bytes are in memory once, sealed; plaintext passes through in pieces.</summary>
sealed class SendStep(ILibrary library, IStaging staging, IChunkStore store, KeyRing keys, SealedBuffers buffers) : IIngestStep
{
    const int PieceBlocks = 16;

    public IngestStep Kind => IngestStep.Send;

    public async Task<StepOutcome> RunAsync(IngestRun run, int ordinal, CancellationToken cancellationToken)
    {
        var video = await library.ReadAsync(run, cancellationToken);
        await SendAsync(new FileChunks(video.FilesOf(CompanionState.Waiting))[ordinal], cancellationToken);
        return StepOutcome.Done;
    }

    /// <summary>Sends the chunk unless it is recorded.</summary>
    internal async Task SendAsync(FileChunk chunk, CancellationToken cancellationToken)
    {
        var (file, span) = chunk;
        if (await library.FindChunkAsync(file.Video, file.Attempt, chunk.Number, cancellationToken) is not null)
            return;
        var salt = RandomNumberGenerator.GetBytes(SealedChunk.SaltBytes);
        var sealedLength = SealedChunk.SealedLength(span.LengthBytes);
        var buffer = buffers.Rent(sealedLength);
        try
        {
            await SealAsync(chunk, salt, buffer, cancellationToken);
            var receipt = await store.PutAsync(
                new ChunkDocument(DocumentName.Random(), buffer.AsMemory(0, sealedLength)),
                cancellationToken
            );
            await library.AddChunkAsync(
                file.Video,
                file.Attempt,
                new ChunkRecord(chunk.Number, span.LengthBytes, salt, receipt),
                cancellationToken
            );
            VaultMeter.CountChunk(span.LengthBytes);
        }
        finally
        {
            buffers.Return(buffer);
        }
    }

    async Task SealAsync(FileChunk chunk, byte[] salt, byte[] buffer, CancellationToken cancellationToken)
    {
        var (file, span) = chunk;
        using var dataKey = keys.UnwrapFor(file);
        using var cipher = ChunkCipher.Create(
            dataKey,
            keys.Get(file.Key.VaultKeyVersion),
            new ChunkIdentity(file.Video, file.Attempt, chunk.Number),
            salt,
            span.LengthBytes
        );
        cipher.Header.CopyTo(buffer);
        var piece = ArrayPool<byte>.Shared.Rent(PieceBlocks * SealedChunk.BlockBytes);
        try
        {
            var blocks = SealedChunk.BlockCount(span.LengthBytes);
            for (var first = 0; first < blocks; first += PieceBlocks)
            {
                var start = first * SealedChunk.BlockBytes;
                var length = Math.Min(PieceBlocks * SealedChunk.BlockBytes, span.LengthBytes - start);
                await staging.ReadAsync(file.Extents, span.Offset + start, piece.AsMemory(0, length), cancellationToken);
                for (var done = 0; done < length; done += SealedChunk.BlockBytes)
                {
                    var block = first + (done / SealedChunk.BlockBytes);
                    var plain = SealedChunk.BlockLength(span.LengthBytes, block);
                    cipher.SealBlock(
                        block,
                        piece.AsSpan(done, plain),
                        buffer.AsSpan(SealedChunk.BlockOffset(block), plain + SealedChunk.TagBytes)
                    );
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece, clearArray: true);
        }
    }
}
