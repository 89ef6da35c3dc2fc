using System.Buffers;
using System.Security.Cryptography;
using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Staging;
using TgVault.Core.Telemetry;

namespace TgVault.Core.Ingest;

/// <summary>Seals one chunk, posts it, and records where it is. The bytes are in memory once, sealed; plaintext passes through in pieces.</summary>
public sealed class Sending(ICatalogue catalogue, IStaging staging, IChunkStore store, KeyRing keys, SealedBuffers buffers)
{
    const int PieceBlocks = 16;

    public async Task<StepOutcome> SendAsync(IngestRun run, int chunk, CancellationToken cancellationToken)
    {
        if (await catalogue.FindChunkAsync(run.Video, run.Attempt, chunk, cancellationToken) is not null) return StepOutcome.Done;
        var video = await catalogue.ReadAsync(run, cancellationToken);
        var span = video.Chunks![chunk];
        var salt = RandomNumberGenerator.GetBytes(SealedChunk.SaltBytes);
        var sealedLength = SealedChunk.SealedLength(span.LengthBytes);
        var buffer = buffers.Rent(sealedLength);
        try
        {
            await SealAsync(run, video, span, salt, buffer, cancellationToken);
            var receipt = await store.PutAsync(new ChunkDocument(DocumentName.Random(), buffer.AsMemory(0, sealedLength)), cancellationToken);
            await catalogue.AddChunkAsync(run.Video, run.Attempt, new ChunkRecord(chunk, span.LengthBytes, salt, receipt), cancellationToken);
            VaultMeter.CountChunk(span.LengthBytes);
            return StepOutcome.Done;
        }
        finally
        {
            buffers.Return(buffer);
        }
    }

    async Task SealAsync(IngestRun run, Video video, ChunkSpan span, byte[] salt, byte[] buffer, CancellationToken cancellationToken)
    {
        using var dataKey = keys.UnwrapFor(video);
        using var cipher = ChunkCipher.Create(dataKey, keys.Get(video.Key!.VaultKeyVersion), new ChunkIdentity(run.Video, run.Attempt, span.Index), salt, span.LengthBytes);
        cipher.Header.CopyTo(buffer);
        var piece = ArrayPool<byte>.Shared.Rent(PieceBlocks * SealedChunk.BlockBytes);
        try
        {
            var blocks = SealedChunk.BlockCount(span.LengthBytes);
            for (var first = 0; first < blocks; first += PieceBlocks)
            {
                var start = first * SealedChunk.BlockBytes;
                var length = Math.Min(PieceBlocks * SealedChunk.BlockBytes, span.LengthBytes - start);
                await staging.ReadAsync(video.Prepared!, span.Offset + start, piece.AsMemory(0, length), cancellationToken);
                for (var done = 0; done < length; done += SealedChunk.BlockBytes)
                {
                    var block = first + (done / SealedChunk.BlockBytes);
                    var plain = SealedChunk.BlockLength(span.LengthBytes, block);
                    cipher.SealBlock(block, piece.AsSpan(done, plain), buffer.AsSpan(SealedChunk.BlockOffset(block), plain + SealedChunk.TagBytes));
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece, clearArray: true);
        }
    }
}
