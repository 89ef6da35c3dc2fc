using System.Buffers;
using Microsoft.Extensions.Logging;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Keys;
using TgVault.Core.Library;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Steps;

/// <summary>Reads one chunk back from the store and opens every block: only what came back may replace the source. A chunk that does not is sent anew.</summary>
sealed class VerifyStep(ILibrary library, IChunkStore store, KeyRing keys, SendStep sending, ILogger<VerifyStep> logger) : IIngestStep
{
    const int PieceBlocks = 16;
    const int Tries = 3;

    public IngestStep Kind => IngestStep.Verify;

    public async Task<StepOutcome> RunAsync(IngestRun run, int ordinal, CancellationToken cancellationToken)
    {
        await VerifyAsync(
            async () => new FileChunks((await library.ReadAsync(run, cancellationToken)).FilesOf(CompanionState.Waiting))[ordinal],
            cancellationToken
        );
        return StepOutcome.Done;
    }

    /// <param name="read">Reads the row, which may have changed since, and gives the chunk.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    internal async Task VerifyAsync(Func<Task<FileChunk>> read, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var chunk = await read();
            var file = chunk.File;
            var record = await library.FindChunkAsync(file.Video, file.Attempt, chunk.Number, cancellationToken);
            if (record is null)
            {
                await sending.SendAsync(chunk, cancellationToken);
                continue;
            }

            try
            {
                await OpenAllAsync(chunk, record, cancellationToken);
                return;
            }
            catch (Exception exception) when (attempt < Tries && IsLost(exception))
            {
                Log.ChunkDidNotComeBack(logger, file.Video, chunk.Number, exception);
                // The first time it may be the way, not the document: read again before posting again.
                if (attempt == 1 && exception is IntegrityException)
                    continue;
                await library.RemoveChunkAsync(file.Video, file.Attempt, chunk.Number, cancellationToken);
                await store.DeleteAsync(record.Receipt, cancellationToken);
                await sending.SendAsync(chunk, cancellationToken);
            }
        }
    }

    async Task OpenAllAsync(FileChunk chunk, ChunkRecord record, CancellationToken cancellationToken)
    {
        var (file, span) = chunk;
        if (record.LengthBytes != span.LengthBytes)
            throw new IntegrityException($"Chunk {chunk.Number} of video {file.Video} is recorded with another length than planned.");
        using var dataKey = keys.UnwrapFor(file);
        using var cipher = ChunkCipher.Create(
            dataKey,
            keys.Get(file.Key.VaultKeyVersion),
            new ChunkIdentity(file.Video, file.Attempt, chunk.Number),
            record.Salt.Span,
            span.LengthBytes
        );
        var piece = ArrayPool<byte>.Shared.Rent(SealedChunk.HeaderBytes + (PieceBlocks * SealedChunk.SealedBlockBytes));
        var plain = ArrayPool<byte>.Shared.Rent(SealedChunk.BlockBytes);
        try
        {
            await store.ReadAsync(record.Receipt, 0, piece.AsMemory(0, SealedChunk.HeaderBytes), cancellationToken);
            if (!cipher.Header.SequenceEqual(piece.AsSpan(0, SealedChunk.HeaderBytes)))
                throw new IntegrityException($"The header of chunk {chunk.Number} of video {file.Video} is not the one that was sent.");
            var blocks = SealedChunk.BlockCount(span.LengthBytes);
            for (var first = 0; first < blocks; first += PieceBlocks)
            {
                var start = SealedChunk.BlockOffset(first);
                var end = first + PieceBlocks >= blocks ? record.Receipt.SealedLengthBytes : SealedChunk.BlockOffset(first + PieceBlocks);
                await store.ReadAsync(record.Receipt, start, piece.AsMemory(0, end - start), cancellationToken);
                for (var block = first; block < Math.Min(blocks, first + PieceBlocks); block++)
                {
                    var length = SealedChunk.BlockLength(span.LengthBytes, block);
                    cipher.OpenBlock(
                        block,
                        piece.AsSpan(SealedChunk.BlockOffset(block) - start, length + SealedChunk.TagBytes),
                        plain.AsSpan(0, length)
                    );
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
            ArrayPool<byte>.Shared.Return(plain, clearArray: true);
        }
    }

    static bool IsLost(Exception exception) => exception is IntegrityException or ChunkStoreException { Failure: ChunkStoreFailure.Gone };
}
