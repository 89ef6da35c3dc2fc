using Microsoft.Extensions.Logging;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Keys;
using TgVault.Core.Library;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Steps;

/// <summary>
/// Reads one chunk back from the store and opens every block: only what came back may replace the source. A chunk that does not come back
/// is sent anew.
/// </summary>
sealed class VerifyStep(
    ILibrary library,
    IChunkStore store,
    IDiscardedDocuments discarded,
    KeyRing keys,
    PlannedChunks planned,
    SendStep sending,
    ILogger<VerifyStep> logger
) : IIngestStep
{
    const int Tries = 3;

    public IngestStep Kind => IngestStep.Verify;

    public async Task<StepOutcome> RunAsync(IngestRun run, int ordinal, CancellationToken cancellationToken)
    {
        await VerifyAsync(() => planned.FindAsync(run, ordinal, cancellationToken), cancellationToken);
        return StepOutcome.Done;
    }

    /// <param name="read">Gives the chunk, if it is still to be stored.</param>
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
                await CheckAsync(chunk, record, cancellationToken);
                return;
            }
            catch (Exception exception) when (attempt < Tries && IsLost(exception))
            {
                logger.ChunkDidNotComeBack(file.Video, chunk.Number, exception);
                // The first time it may be the way, not the document: read again before posting again.
                if (attempt == 1 && exception is IntegrityException)
                    continue;
                await library.RemoveChunkAsync(file.Video, file.Attempt, chunk.Number, cancellationToken);
                await discarded.DiscardAsync(store, record.Receipt);
                await sending.SendAsync(chunk, cancellationToken);
            }
        }
    }

    async Task CheckAsync(FileChunk chunk, ChunkRecord record, CancellationToken cancellationToken)
    {
        var (file, span) = chunk;
        if (record.LengthBytes != span.LengthBytes || record.Receipt.SealedLengthBytes != SealedChunk.SealedLength(span.LengthBytes))
            throw new IntegrityException($"Chunk {chunk.Number} of video {file.Video} is recorded with another length than planned.");
        using var dataKey = keys.UnwrapFor(file);
        using var cipher = ChunkCipher.CreateToCheck(
            dataKey,
            keys,
            new ChunkIdentity(file.Video, file.Attempt, chunk.Number),
            record.Salt.Span,
            span.LengthBytes
        );
        await cipher.CheckAsync(
            (offset, sealedBytes, cancellation) => store.ReadAsync(record.Receipt, offset, sealedBytes, cancellation),
            cancellationToken
        );
    }

    static bool IsLost(Exception exception) => exception is IntegrityException or ChunkStoreException { Failure: ChunkStoreFailure.Gone };
}
