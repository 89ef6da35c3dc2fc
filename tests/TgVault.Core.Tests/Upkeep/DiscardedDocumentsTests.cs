using TgVault.BotApi.Faults;
using TgVault.Core.Chunks;
using TgVault.Core.Ingest;
using TgVault.Core.Library;
using TgVault.Core.Orphans;
using TgVault.Core.Rotation;
using TgVault.Core.Tests.Ingest;
using TgVault.Core.Tests.Telegram;
using TgVault.Core.Upkeep;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Upkeep;

/// <summary>A document that the store took is named by the rows from then on, until it is deleted: whatever happens in between.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class DiscardedDocumentsTests(AzuriteFixture azurite)
{
    [Fact(Timeout = 120_000)]
    public async Task A_chunk_that_was_stored_as_the_vault_stops_is_recorded()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var (_, upload) = await bench.UploadAsync("random.bin", new byte[300_000]);
        using var stopping = new CancellationTokenSource();
        bench.Store.AfterPut = (_, _) => stopping.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.RunAsync(upload, stopping.Token));

        Assert.NotEmpty(bench.Store.Names);
        Assert.Equal(bench.Store.Names.Keys.Order(), await NamedAsync(bench));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_manifest_that_was_stored_as_the_vault_stops_is_recorded()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var (_, upload) = await bench.UploadAsync("random.bin", new byte[100]);
        using var stopping = new CancellationTokenSource();
        // One chunk, then the manifest.
        bench.Store.AfterPut = (_, _) => bench.Store.Count == 2 ? stopping.CancelAsync() : Task.CompletedTask;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.RunAsync(upload, stopping.Token));

        Assert.Equal(2, bench.Store.Count);
        Assert.Equal(bench.Store.Names.Keys.Order(), await NamedAsync(bench));
    }

    [Fact(Timeout = 120_000)]
    public async Task The_manifest_of_a_video_that_is_removed_just_then_is_deleted()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var (id, upload) = await bench.UploadAsync("random.bin", new byte[100]);
        bench.Store.AfterPut = (_, _) =>
            bench.Store.Count == 2 ? bench.Get<IRemovals>().BeginAsync(id, CancellationToken.None) : Task.CompletedTask;

        var outcome = await bench.RunAsync(upload);
        bench.Store.AfterPut = null;
        await bench.Get<IRemovals>().FinishAsync(id, CancellationToken.None);

        Assert.Equal(StepResult.Abandoned, outcome.Result);
        Assert.Equal(0, bench.Store.Count);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_chunk_that_comes_when_its_video_is_gone_is_deleted()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var (id, upload) = await bench.UploadAsync("random.bin", new byte[100]);
        bench.Store.AfterPut = async (_, _) =>
        {
            bench.Store.AfterPut = null;
            await bench.Get<IRemovals>().BeginAsync(id, CancellationToken.None);
            await bench.Get<IRemovals>().FinishAsync(id, CancellationToken.None);
        };

        var outcome = await bench.RunAsync(upload);

        Assert.Equal(StepResult.Abandoned, outcome.Result);
        Assert.Equal(0, bench.Store.Count);
        Assert.Empty(await NamedAsync(bench));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_chunk_that_is_recorded_while_others_of_its_video_are_removed_stays_named()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var (id, upload) = await bench.UploadAsync("random.bin", new byte[100]);
        await bench.RunAsync(upload);
        var late = await bench.Store.PutAsync(StandIn.Document(1000), CancellationToken.None);
        bench.Store.BeforeDelete = async (_, _) =>
        {
            bench.Store.BeforeDelete = null;
            var record = new ChunkRecord(new ChunkNumber(0), 100, new byte[16], late);
            await bench.Library.RemoveChunkAsync(id, 1, record.Number, CancellationToken.None);
            await bench.Library.AddChunkAsync(id, 1, record with { Number = new ChunkNumber(7) }, CancellationToken.None);
        };

        await bench.Get<StoredChunks>().RemoveAsync(id, 1, CancellationToken.None);

        Assert.Equal(bench.Store.Names.Keys.Order(), await NamedAsync(bench));
        await bench.Get<StoredChunks>().RemoveAsync(id, 1, CancellationToken.None);
        Assert.DoesNotContain(late.MessageId, bench.Store.Names.Keys);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_chunk_that_did_not_come_back_and_cannot_be_deleted_is_deleted_later()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var (id, upload) = await bench.UploadAsync("random.bin", new byte[100]);
        bench.Store.BeforeRead = (receipt, _, _) =>
            receipt.MessageId == 1 ? throw new ChunkStoreException(ChunkStoreFailure.Gone, "It seems to be gone.") : Task.CompletedTask;
        bench.Store.BeforeDelete = (_, _) => throw new ChunkStoreException(ChunkStoreFailure.Transient, "Not now.");

        await bench.RunAsync(upload);

        Assert.Equal(VideoStatus.Ready, (await bench.ShowAsync(id)).Life.Status);
        Assert.Contains(1, bench.Store.Names.Keys);
        Assert.Equal(bench.Store.Names.Keys.Order(), await NamedAsync(bench));
        bench.Store.BeforeDelete = null;
        await bench.Get<DiscardedDeletion>().DeleteAsync(CancellationToken.None);
        Assert.DoesNotContain(1, bench.Store.Names.Keys);
        Assert.Equal(bench.Store.Names.Keys.Order(), await NamedAsync(bench));
    }

    [Fact(Timeout = 120_000)]
    public async Task What_is_too_old_to_be_deleted_is_told_and_not_forgotten()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var (id, upload) = await bench.UploadAsync("random.bin", new byte[100]);
        await bench.RunAsync(upload);
        var nobodys = await bench.Store.PutAsync(StandIn.Document(1000), CancellationToken.None);
        bench.Store.TooOldToDelete = true;

        await bench.Get<IDiscardedDocuments>().DiscardAsync(bench.Store, nobodys);
        await bench.Get<DiscardedDeletion>().DeleteAsync(CancellationToken.None);
        await bench.Get<IRemovals>().BeginAsync(id, CancellationToken.None);
        await bench.Get<IRemovals>().FinishAsync(id, CancellationToken.None);

        Assert.Empty(await bench.Get<IDiscardedDocuments>().ListAsync(CancellationToken.None).ToListAsync());
        var left = await bench.Get<IKeyRotation>().ListLeftAsync(10, CancellationToken.None);
        Assert.Contains(nobodys.MessageId, left.Select(document => document.Message));
        // All but the newest catalogue.
        Assert.Equal(bench.Store.Count - 1, left.Length);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_manifest_that_an_edit_overtook_and_that_cannot_be_deleted_is_deleted_later()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var (id, upload) = await bench.UploadAsync("random.bin", new byte[100]);
        await bench.RunAsync(upload);
        await EditAsync(bench, id, "first");
        var edits = 0;
        bench.Store.AfterPut = (_, _) => edits++ == 0 ? EditAsync(bench, id, "second") : Task.CompletedTask;
        bench.Store.BeforeDelete = (_, _) =>
            edits == 1 ? throw new ChunkStoreException(ChunkStoreFailure.Transient, "Not now.") : Task.CompletedTask;

        var outcome = await bench.Get<IAmendments>().RunAsync(id, CancellationToken.None);

        Assert.Equal(StepResult.Done, outcome.Result);
        Assert.Equal(bench.Store.Names.Keys.Order(), await NamedAsync(bench));
        await bench.Get<DiscardedDeletion>().DeleteAsync(CancellationToken.None);
        // A chunk, a manifest and the catalogue.
        Assert.Equal(3, bench.Store.Count);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_copy_made_to_find_a_document_again_that_cannot_be_deleted_is_recorded()
    {
        await using var standIn = await StandIn.StartAsync();
        var discarded = new DiscardedDocuments(new MemoryRows(TimeProvider.System));
        using var store = standIn.StoreWith(discarded);
        var document = StandIn.Document(1000);
        var receipt = await store.PutAsync(document, CancellationToken.None);
        standIn.Fail(FaultKind.MessageGone, "getFile");
        standIn.Fail(FaultKind.ServerError, "deleteMessage");
        var read = new byte[1000];

        await store.ReadAsync(receipt, 0, read, CancellationToken.None);

        Assert.Equal(document.Content.ToArray(), read);
        var copy = Assert.Single(await discarded.ListAsync(CancellationToken.None).ToListAsync());
        Assert.NotEqual(receipt.MessageId, copy.MessageId);
        Assert.Equal(2, standIn.LiveDocuments);
    }

    static Task<Video?> EditAsync(IngestBench bench, VideoId id, string description) =>
        bench.Library.ChangeAsync(
            id,
            video =>
                video with
                {
                    Details = video.Details with { Description = description },
                    Manifests = video.Manifests with { IsStale = true },
                },
            CancellationToken.None
        );

    static async Task<IOrderedEnumerable<int>> NamedAsync(IngestBench bench) =>
        (await bench.Get<INamedDocuments>().ListAsync(CancellationToken.None).ToListAsync())
            .Select(document => document.MessageId)
            .Distinct()
            .Order();
}
