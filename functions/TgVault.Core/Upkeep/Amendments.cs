using Microsoft.Extensions.Logging;
using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Ingest;
using TgVault.Core.Ingest.Steps;
using TgVault.Core.Library;
using TgVault.Core.Staging;
using TgVault.Core.Videos;

namespace TgVault.Core.Upkeep;

/// <summary>
/// Brings what is stored of a video up to its row: companions that wait are stored, a manifest is posted that says what the row says,
/// and what took its leave goes; or what is stored is staged again, to be ingested anew. The wish is in the row, where
/// <see cref="CompanionWishes"/>, for one, puts it; after a crash this goes on from there. A manifest that was replaced stays in the
/// channel until the catalogue names the new one.
/// </summary>
sealed class Amendments(
    ILibrary library,
    IStaging staging,
    IChunkStore store,
    IDiscardedDocuments discarded,
    ICopyReceipts copies,
    KeyRing keys,
    SendStep sending,
    VerifyStep verifying,
    IStoredPictures pictures,
    IStoredUploads uploads,
    CatalogueLog log,
    LeftDocuments left,
    StepGuard guard,
    TimeProvider time,
    ILogger<Amendments> logger
) : IAmendments
{
    /// <summary>What spans and metrics call an amendment.</summary>
    const string SpanName = "amend";

    public async Task<StepOutcome> RunAsync(VideoId id, CancellationToken cancellationToken)
    {
        var outcome = await guard.RunAsync(SpanName, new IngestRun(id, 0), () => FinishAsync(id, cancellationToken), cancellationToken);
        if (outcome.Result == StepResult.Failed)
            logger.AmendingFailed(id, outcome.Reason);
        return outcome;
    }

    /// <summary>
    /// Stores companions that wait, posts the manifest that the row asks for, and removes the documents of companions that were taken out.
    /// Safe to repeat; does nothing where nothing is to be done.
    /// </summary>
    /// <exception cref="ChunkStoreException">The store failed.</exception>
    internal async Task<StepOutcome> FinishAsync(VideoId id, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await library.FindAsync(id, cancellationToken) is not { IsStored: true } video)
                return StepOutcome.Abandoned;
            if (!video.NeedsAmending)
                return StepOutcome.Done;
            if (video is { Life.Status: VideoStatus.Ready, Files.WantsUpload: true })
            {
                // Whatever else is to be done is done by the ingest that follows.
                await uploads.StageAsync(video, cancellationToken);
                return StepOutcome.Done;
            }

            if (video is { Life.Status: VideoStatus.Ready, Files.WantsPictures: true })
            {
                await pictures.MakeAsync(video, cancellationToken);
                continue;
            }

            foreach (var file in video.CompanionFilesOf(CompanionState.Waiting))
                await StoreAsync(file, cancellationToken);

            if (await library.FindAsync(id, cancellationToken) is not { IsStored: true } sent)
                return StepOutcome.Abandoned;
            await PostAsync(sent, cancellationToken);
            await TidyAsync(id, cancellationToken);
        }
    }

    /// <summary>
    /// Sends one companion and reads it back. One that cannot be stored is noted and left out; one whose store asks to wait is not.
    /// </summary>
    async Task StoreAsync(StoredFile file, CancellationToken cancellationToken)
    {
        try
        {
            for (var index = 0; index < file.Plan.Count; index++)
            {
                var chunk = file[index];
                await sending.SendAsync(await ReadAsync(chunk, cancellationToken), cancellationToken);
                await verifying.VerifyAsync(() => ReadAsync(chunk, cancellationToken), cancellationToken);
            }
        }
        catch (VaultException exception)
            when (exception is not (StorageException or ChunkStoreException { Failure: ChunkStoreFailure.Transient }))
        {
            logger.CompanionFailed(file.Video, file.Number, exception.Message);
            await ChangeAsync(
                file,
                companion => companion with { State = CompanionState.Failed, Failure = exception.Message, Key = null },
                cancellationToken
            );
            return;
        }

        await ChangeAsync(file, companion => companion with { State = CompanionState.Stored }, cancellationToken);
    }

    /// <summary>The chunk, if its file is still to be stored.</summary>
    async Task<FileChunk> ReadAsync(FileChunk chunk, CancellationToken cancellationToken)
    {
        var video = await library.FindAsync(chunk.File.Video, cancellationToken);
        var isWaiting =
            video is { IsStored: true }
            && video.Life.Attempt == chunk.File.Attempt
            && video.CompanionFilesOf(CompanionState.Waiting).Any(file => file.Number == chunk.File.Number);
        return isWaiting ? chunk : throw new AttemptAbandonedException();
    }

    /// <summary>A companion that ended its waiting: where it is stored the manifest has to say so, and what it replaces leaves.</summary>
    Task<Video?> ChangeAsync(StoredFile file, Func<Companion, Companion> change, CancellationToken cancellationToken) =>
        library.ChangeAsync(
            file.Video,
            video =>
            {
                var companion = video.Files.Companions.FirstOrDefault(companion =>
                    companion.Number == file.Number && companion.State == CompanionState.Waiting
                );
                if (companion is null || video.Life.Attempt != file.Attempt || !video.IsStored)
                    return null;
                var changed = change(companion);
                return video with
                {
                    Files = video.Files with
                    {
                        Companions =
                        [
                            .. video.Files.Companions.Select(other =>
                                ReferenceEquals(other, companion) ? changed
                                : changed.State == CompanionState.Stored && IsReplaced(other, changed) ? other.Leaving()
                                : other
                            ),
                        ],
                    },
                    Manifests = video.Manifests with { IsStale = video.Manifests.IsStale || changed.State == CompanionState.Stored },
                    Updated = time.GetUtcNow(),
                };
            },
            cancellationToken
        );

    async Task PostAsync(Video video, CancellationToken cancellationToken)
    {
        if (!video.Manifests.IsStale)
            return;
        var records = await library.ListTilingAsync(video.FilesOf(CompanionState.Stored), cancellationToken);
        var elsewhere = await copies.FindAsync(video.Id, video.Life.Attempt, cancellationToken);
        var named = records.Select(record => record with { Copies = [.. elsewhere[record.Number]] });
        var document = ManifestDocument.Seal(Manifest.Of(video, named, time.GetUtcNow()), keys);
        var receipt = await store.PutAsync(new ChunkDocument(DocumentName.Random(), document), cancellationToken);
        // Also where everything stops just now: nobody else knows of the document.
        var replaced = await library.TryReplaceAsync(
            video with
            {
                Manifests = video.Manifests.Superseded() with { Newest = receipt },
            },
            CancellationToken.None
        );
        // The row says something else by now: the next round posts that.
        if (replaced is null)
            await discarded.DiscardAsync(store, receipt);
        else
            logger.ManifestPosted(video.Id, receipt.SealedLengthBytes);
    }

    /// <summary>The catalogue gets the newest manifest; then what nothing refers to any more is removed and forgotten.</summary>
    async Task TidyAsync(VideoId id, CancellationToken cancellationToken)
    {
        if (await library.FindAsync(id, cancellationToken) is not { NeedsAmending: true, Manifests.IsStale: false } video)
            return;
        if (video.Manifests.Former.Length > 0)
            await log.PublishAsync(new CatalogueEntry(id, time.GetUtcNow(), video.Manifests.Newest), cancellationToken);
        foreach (var former in video.Manifests.Former)
        {
            if (!await store.DeleteAsync(former, cancellationToken))
                await left.AddAsync(former, cancellationToken);
        }

        foreach (
            var blob in video
                .Files.Companions.Where(IsOver)
                .SelectMany(companion => companion.Extents)
                .Select(extent => extent.Blob)
                .Distinct()
        )
            await staging.DeleteAsync(blob, cancellationToken);
        foreach (var companion in video.Files.Companions.Where(companion => companion.State == CompanionState.Leaving))
            await RemoveChunksAsync(video, companion, cancellationToken);
        // Whoever changed the row meanwhile finds the same to do again, which costs little.
        await library.TryReplaceAsync(
            video with
            {
                Manifests = video.Manifests with { Former = [] },
                Files = video.Files with
                {
                    Companions =
                    [
                        .. video
                            .Files.Companions.Where(companion => companion.State != CompanionState.Leaving)
                            .Select(companion => IsOver(companion) ? companion with { Extents = [] } : companion),
                    ],
                },
            },
            cancellationToken
        );
    }

    async Task RemoveChunksAsync(Video video, Companion companion, CancellationToken cancellationToken)
    {
        if (companion.Plan is not { } plan)
            return;
        await foreach (
            var chunk in library.ListChunksAsync(
                video.Id,
                video.Life.Attempt,
                ChunkNumber.Of(companion.Number, 0),
                plan.Count,
                cancellationToken
            )
        )
        {
            if (!await store.DeleteAsync(chunk.Receipt, cancellationToken))
                await left.AddAsync(chunk.Receipt, cancellationToken);
            await library.RemoveChunkAsync(video.Id, video.Life.Attempt, chunk.Number, cancellationToken);
        }
    }

    static bool IsReplaced(Companion other, Companion by) =>
        other.State is CompanionState.Stored or CompanionState.Failed && other.Number < by.Number && by.HasPlaceOf(other);

    static bool IsOver(Companion companion) => companion.State != CompanionState.Waiting;
}
