using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Keys;
using TgVault.Core.Library;
using TgVault.Core.Staging;
using TgVault.Core.Telemetry;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Steps;

/// <summary>
/// Seals one chunk, posts it, and records where it is. The bytes are in memory once, sealed; plaintext passes through in pieces.
/// </summary>
sealed class SendStep(
    ILibrary library,
    IStaging staging,
    IChunkStore store,
    IDiscardedDocuments discarded,
    KeyRing keys,
    PlannedChunks planned,
    SealedBuffers buffers
) : IIngestStep
{
    public IngestStep Kind => IngestStep.Send;

    public async Task<StepOutcome> RunAsync(IngestRun run, int ordinal, CancellationToken cancellationToken)
    {
        await SendAsync(await planned.FindAsync(run, ordinal, cancellationToken), cancellationToken);
        return StepOutcome.Done;
    }

    /// <summary>Sends the chunk unless it is recorded.</summary>
    internal async Task SendAsync(FileChunk chunk, CancellationToken cancellationToken)
    {
        var (file, span) = chunk;
        if (await library.FindChunkAsync(file.Video, file.Attempt, chunk.Number, cancellationToken) is not null)
            return;
        var salt = SealedChunk.NewSalt();
        var sealedLength = SealedChunk.SealedLength(span.LengthBytes);
        var buffer = buffers.Rent(sealedLength);
        try
        {
            var document = buffer.AsMemory(0, sealedLength);
            await SealAsync(chunk, salt, document, cancellationToken);
            var receipt = await store.PutAsync(new ChunkDocument(DocumentName.Random(), document), cancellationToken);
            // Also where everything stops just now: nobody else knows of the document.
            var recorded = await library.AddChunkAsync(
                file.Video,
                file.Attempt,
                new ChunkRecord(chunk.Number, span.LengthBytes, salt, receipt),
                CancellationToken.None
            );
            if (recorded.Receipt != receipt)
                await discarded.DiscardAsync(store, receipt);
            else
                await CheckIsWantedAsync(chunk, receipt);
            VaultMeter.CountChunk(span.LengthBytes);
        }
        finally
        {
            buffers.Return(buffer);
        }
    }

    /// <summary>
    /// What is being removed has had its records read, perhaps before this one was there; a row that is gone has nobody who removes it.
    /// </summary>
    async Task CheckIsWantedAsync(FileChunk chunk, ChunkReceipt receipt)
    {
        var file = chunk.File;
        var video = await library.FindAsync(file.Video, CancellationToken.None);
        if (video is not null && video.Life.Status != VideoStatus.Deleting && video.Life.Attempt == file.Attempt)
            return;
        await discarded.DiscardAsync(store, receipt);
        await library.RemoveChunkAsync(file.Video, file.Attempt, chunk.Number, CancellationToken.None);
        throw new AttemptAbandonedException();
    }

    async Task SealAsync(FileChunk chunk, byte[] salt, Memory<byte> document, CancellationToken cancellationToken)
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
        await cipher.SealAsync(
            (offset, plain, cancellation) => staging.ReadAsync(file.Extents, span.Offset + offset, plain, cancellation),
            document,
            cancellationToken
        );
    }
}
