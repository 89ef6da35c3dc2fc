using System.Text;
using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Ingest;
using TgVault.Core.Library;
using TgVault.Core.Playback.Open;
using TgVault.Core.Tests.Ingest;
using TgVault.Core.Upkeep;
using TgVault.Core.Videos;
using TgVault.Testing;
using TgVault.Testing.Playback;

namespace TgVault.Core.Tests.Upkeep;

/// <summary>What is stored of a ready video changes, over real Azurite; documents are in memory.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class AmendmentsTests(AzuriteFixture azurite)
{
    static readonly byte[] Film = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("Not a film, but worth keeping. ", 5000)));

    // Two chunks of 64 KiB and a piece.
    static readonly byte[] Words = Encoding.UTF8.GetBytes(
        "WEBVTT\n\n" + string.Concat(Enumerable.Repeat("00:01.000 --> 00:02.000\nHello.\n\n", 4500))
    );
    static readonly byte[] OtherWords = Encoding.UTF8.GetBytes("WEBVTT\n\n00:01.000 --> 00:02.000\nHi.\n");

    [Fact(Timeout = 60_000)]
    public async Task A_companion_added_later_plays_and_is_in_a_new_manifest_and_the_old_one_is_gone()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var id = await StoreAsync(bench);
        var before = await bench.ShowAsync(id);
        Assert.Null(await bench.Get<OpenVideos>().OpenAsync(id, 1, CancellationToken.None));

        var added = await AddAsync(bench, id, Words, "en", "English");
        var waiting = await UnfinishedAsync(bench);
        Assert.Null(await bench.Get<OpenVideos>().OpenAsync(id, added.Number, CancellationToken.None));
        var outcome = await bench.Get<Amendments>().RunAsync(id, CancellationToken.None);

        var video = await bench.ShowAsync(id);
        Assert.Equal(StepOutcome.Done, outcome);
        Assert.Equal([id], waiting);
        Assert.Empty(await UnfinishedAsync(bench));
        Assert.Equal(Words, await PlayAsync(bench, id, added.Number));
        Assert.Equal(Film, await bench.PlayAsync(id));
        Assert.Equal(
            (CompanionState.Stored, 0, "en", "English"),
            (
                video.Files.Companions[0].State,
                video.Files.Companions[0].Extents.Length,
                video.Files.Companions[0].Language,
                video.Files.Companions[0].Name
            )
        );
        Assert.Null(bench.Store.Find(before.Manifests.Newest!.MessageId));
        Assert.Null(await bench.Staging.FindAsync(StagingArea.Prepared, $"{id}/1/companion-1", CancellationToken.None));
        // Three chunks each, the manifest and the catalogue.
        Assert.Equal(8, bench.Store.Count);
        var manifest = await RecoverAsync(bench, id);
        Assert.Equal(Words, await PlayRecoveredAsync(bench, manifest, added.Number));
    }

    [Fact(Timeout = 60_000)]
    public async Task One_of_the_same_place_replaces_the_other_under_a_number_of_its_own()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var id = await StoreAsync(bench);
        var first = await AddAsync(bench, id, Words, "en", "English");
        await AddAsync(bench, id, Words, "de", "English");
        await bench.Get<Amendments>().RunAsync(id, CancellationToken.None);
        await using var playing = await bench.Get<OpenVideos>().OpenAsync(id, first.Number, CancellationToken.None);

        var second = await AddAsync(bench, id, OtherWords, "en", "English");
        await bench.Get<Amendments>().RunAsync(id, CancellationToken.None);

        Assert.Equal([2, 3], (await bench.ShowAsync(id)).Files.Companions.Select(companion => companion.Number));
        Assert.Equal(OtherWords, await PlayAsync(bench, id, second.Number));
        // Film, German, English, manifest, catalogue.
        Assert.Equal(3 + 3 + 1 + 2, bench.Store.Count);
        Assert.Null(await bench.Library.FindChunkAsync(id, 1, new ChunkNumber(100_000), CancellationToken.None));
        Assert.Equal([2, 3], (await RecoverAsync(bench, id)).Companions.Select(companion => companion.Companion.Number));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_removed_companion_leaves_rows_documents_and_manifest()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var id = await StoreAsync(bench);
        await AddAsync(bench, id, Words, "en", "English");
        await bench.Get<Amendments>().RunAsync(id, CancellationToken.None);

        var marked = await bench
            .Get<ICompanionWishes>()
            .RemoveAsync(id, companion => companion.Language == "en", _ => true, CancellationToken.None);
        await bench.Get<Amendments>().RunAsync(id, CancellationToken.None);

        Assert.Null(Assert.Single(marked!.Files.Companions).Key);
        Assert.Empty((await bench.ShowAsync(id)).Files.Companions);
        Assert.Equal(5, bench.Store.Count);
        Assert.Empty((await RecoverAsync(bench, id)).Companions);
        Assert.Equal(Film, await bench.PlayAsync(id));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_removed_video_takes_its_companions_along_also_those_that_wait()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var id = await StoreAsync(bench);
        await AddAsync(bench, id, Words, "en", "English");
        await bench.Get<Amendments>().RunAsync(id, CancellationToken.None);
        await AddAsync(bench, id, Words, "de", "Deutsch");

        await bench.Get<Removals>().BeginAsync(id, CancellationToken.None);
        Assert.All((await bench.ShowAsync(id)).Files.Companions, companion => Assert.Null(companion.Key));
        await bench.Get<Removals>().FinishAsync(id, CancellationToken.None);

        Assert.Null(await bench.Library.FindAsync(id, CancellationToken.None));
        Assert.Null(await bench.Staging.FindAsync(StagingArea.Prepared, $"{id}/1/companion-2", CancellationToken.None));
        Assert.Equal(1, bench.Store.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task Captions_that_waited_as_the_video_went_into_the_trash_are_stored_there_and_in_the_manifest()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var id = await StoreAsync(bench);
        await AddAsync(bench, id, Words, "de", "Deutsch");
        await bench.Get<Amendments>().RunAsync(id, CancellationToken.None);
        await bench.Get<ICompanionWishes>().RemoveAsync(id, _ => true, _ => true, CancellationToken.None);
        var added = await AddAsync(bench, id, Words, "en", "English");
        var until = DateTimeOffset.UtcNow.AddDays(30);
        await bench.Library.ChangeAsync(id, video => VideoLife.Trash(video, until, DateTimeOffset.UtcNow), CancellationToken.None);

        Assert.Equal([id], await UnfinishedAsync(bench));
        var outcome = await bench.Get<Amendments>().RunAsync(id, CancellationToken.None);

        Assert.Equal(StepOutcome.Done, outcome);
        Assert.Empty(await UnfinishedAsync(bench));
        // Film, captions, manifest, catalogue.
        Assert.Equal(3 + 3 + 2, bench.Store.Count);
        var manifest = await RecoverAsync(bench, id);
        Assert.Equal([added.Number], manifest.Companions.Select(companion => companion.Companion.Number));
        await bench.Library.ChangeAsync(id, video => VideoLife.Untrash(video, DateTimeOffset.UtcNow), CancellationToken.None);
        Assert.Equal(Words, await PlayAsync(bench, id, added.Number));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_companion_that_cannot_be_stored_is_noted_and_the_video_plays_on()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var id = await StoreAsync(bench);
        await AddAsync(bench, id, Words, "en", "English");
        bench.Store.BeforePut = (_, _) => throw new ChunkStoreException(ChunkStoreFailure.Permanent, "The channel is closed.");

        var outcome = await bench.Get<Amendments>().RunAsync(id, CancellationToken.None);
        bench.Store.BeforePut = null;

        var video = await bench.ShowAsync(id);
        Assert.Equal(StepOutcome.Done, outcome);
        Assert.Equal(
            (CompanionState.Failed, "The channel is closed."),
            (video.Files.Companions[0].State, video.Files.Companions[0].Failure)
        );
        Assert.Equal(Film, await bench.PlayAsync(id));

        var again = await AddAsync(bench, id, Words, "en", "English");
        await bench.Get<Amendments>().RunAsync(id, CancellationToken.None);
        Assert.Equal(again.Number, Assert.Single((await bench.ShowAsync(id)).Files.Companions).Number);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_store_that_makes_us_wait_is_asked_again_later_and_nothing_is_lost()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var id = await StoreAsync(bench);
        var added = await AddAsync(bench, id, Words, "en", "English");
        bench.Store.BeforePut = (_, _) => throw new ChunkStoreException(ChunkStoreFailure.Transient, "Too many.", TimeSpan.FromMinutes(7));

        var outcome = await bench.Get<Amendments>().RunAsync(id, CancellationToken.None);
        bench.Store.BeforePut = null;

        Assert.Equal((StepResult.Wait, TimeSpan.FromMinutes(7)), (outcome.Result, outcome.Delay));
        Assert.Equal(StepOutcome.Done, await bench.Get<Amendments>().RunAsync(id, CancellationToken.None));
        Assert.Equal(Words, await PlayAsync(bench, id, added.Number));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_edited_name_is_what_a_recovery_finds()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var id = await StoreAsync(bench);
        await bench.Library.ChangeAsync(
            id,
            video =>
                video with
                {
                    Details = video.Details with { Name = "renamed.txt" },
                    Manifests = video.Manifests with { IsStale = true },
                },
            CancellationToken.None
        );

        await bench.Get<Amendments>().RunAsync(id, CancellationToken.None);

        Assert.Equal("renamed.txt", (await RecoverAsync(bench, id)).Name);
        Assert.Equal(5, bench.Store.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_change_made_while_the_manifest_is_posted_is_posted_too()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var id = await StoreAsync(bench);
        await bench.Library.ChangeAsync(
            id,
            video =>
                video with
                {
                    Details = video.Details with { Name = "first.txt" },
                    Manifests = video.Manifests with { IsStale = true },
                },
            CancellationToken.None
        );
        var isLater = false;
        bench.Store.AfterPut = async (_, cancellation) =>
        {
            if (isLater)
                return;
            isLater = true;
            await bench.Library.ChangeAsync(
                id,
                video =>
                    video with
                    {
                        Details = video.Details with { Name = "second.txt" },
                        Manifests = video.Manifests with { IsStale = true },
                    },
                cancellation
            );
        };

        await bench.Get<Amendments>().RunAsync(id, CancellationToken.None);

        Assert.Equal("second.txt", (await RecoverAsync(bench, id)).Name);
        Assert.Equal(5, bench.Store.Count);
    }

    [Fact(Timeout = 180_000)]
    public async Task A_crash_at_any_call_of_the_store_leaves_what_plays_and_is_made_good()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var id = await StoreAsync(bench);
        var (calls, call) = (0, 1);
        for (var crashed = true; crashed; call++)
        {
            var added = await AddAsync(bench, id, Words, "en", "English");
            using var crash = new CancellationTokenSource();
            calls = 0;
            bench.Store.BeforePut = (_, _) => CountAsync();
            // After it was stored and before that is recorded.
            bench.Store.AfterPut = (_, _) => CountAsync();
            bench.Store.BeforeDelete = (_, _) => CountAsync();
            crashed = false;
            try
            {
                await bench.Get<Amendments>().RunAsync(id, crash.Token);
            }
            catch (OperationCanceledException)
            {
                crashed = true;
            }

            bench.Store.BeforePut = null;
            bench.Store.AfterPut = bench.Store.BeforeDelete = null;
            Assert.Equal(Film, await bench.PlayAsync(id));
            // What a recovery would find at this moment opens too, whichever manifest it is.
            foreach (var companion in (await RecoverAsync(bench, id)).Companions)
                Assert.Equal(Words, await PlayRecoveredAsync(bench, await RecoverAsync(bench, id), companion.Companion.Number));

            Assert.Equal(StepOutcome.Done, await bench.Get<Amendments>().RunAsync(id, CancellationToken.None));
            Assert.Equal(added.Number, Assert.Single((await bench.ShowAsync(id)).Files.Companions).Number);
            Assert.Equal(Words, await PlayAsync(bench, id, added.Number));
            Assert.Equal([added.Number], (await RecoverAsync(bench, id)).Companions.Select(companion => companion.Companion.Number));
            Assert.Empty(await UnfinishedAsync(bench));
            Assert.Null(await bench.Staging.FindAsync(StagingArea.Prepared, $"{id}/1/companion-{added.Number}", CancellationToken.None));

            async Task CountAsync()
            {
                if (++calls != call)
                    return;
                await crash.CancelAsync();
                crash.Token.ThrowIfCancellationRequested();
            }
        }

        Assert.InRange(call, 10, 100);
    }

    [Fact(Timeout = 60_000)]
    public async Task Only_a_ready_video_takes_companions()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var (waiting, _) = await bench.UploadAsync("notes.txt", Film);

        using var content = new MemoryStream(Words);
        Assert.Null(await bench.Get<ICompanionWishes>().AddAsync(waiting, NewCaptions("en", "English"), content, CancellationToken.None));
        Assert.Equal(StepOutcome.Abandoned, await bench.Get<Amendments>().RunAsync(waiting, CancellationToken.None));
    }

    static async Task<VideoId> StoreAsync(IngestBench bench)
    {
        var (id, arrived) = await bench.UploadAsync("notes.txt", Film);
        Assert.Equal(StepResult.Done, (await bench.RunAsync(arrived)).Result);
        return id;
    }

    static async Task<Companion> AddAsync(IngestBench bench, VideoId id, byte[] words, string language, string name)
    {
        using var content = new MemoryStream(words);
        return (await bench.Get<ICompanionWishes>().AddAsync(id, NewCaptions(language, name), content, CancellationToken.None))!;
    }

    static Companion NewCaptions(string language, string name) =>
        new()
        {
            Kind = CompanionKind.Captions,
            Number = 0,
            Language = language,
            Name = name,
            ContentType = "text/vtt",
        };

    static async Task<byte[]> PlayAsync(IngestBench bench, VideoId id, int number)
    {
        // A reader that has not seen the row before, as on another instance.
        using var reader = bench.NewReader();
        await using var stream =
            await reader.OpenAsync(id, number, CancellationToken.None) ?? throw new InvalidOperationException("It does not play.");
        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory);
        return memory.ToArray();
    }

    static async Task<List<VideoId>> UnfinishedAsync(IngestBench bench) =>
        await bench.Library.ListUnfinishedAsync(CancellationToken.None).Select(video => video.Id).ToListAsync();

    /// <summary>The manifest that a recovery finds, with nothing but the channel and the key.</summary>
    static async Task<Manifest> RecoverAsync(IngestBench bench, VideoId id)
    {
        var reader = new CatalogueReader(bench.Store, bench.Store, bench.Get<KeyRing>());
        var entry = await reader.ReadAllAsync(CancellationToken.None).SingleAsync(entry => entry.Video == id);
        return ManifestDocument.Open(
            bench.Store.Find(entry.Manifest!.MessageId) ?? throw new InvalidOperationException("The manifest is gone."),
            bench.Get<KeyRing>()
        );
    }

    static async Task<byte[]> PlayRecoveredAsync(IngestBench bench, Manifest manifest, int number)
    {
        var library = new MemoryLibrary();
        var video = manifest.ToVideo(new ChunkReceipt(1, 1, 1, "", "", 1));
        await library.TryAddAsync(video, CancellationToken.None);
        foreach (var record in manifest.ToChunkRecords())
            await library.AddChunkAsync(video.Id, video.Life.Attempt, record, CancellationToken.None);
        using var reader = bench.NewReader(library);
        await using var stream =
            await reader.OpenAsync(video.Id, number, CancellationToken.None) ?? throw new InvalidOperationException("It does not play.");
        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory);
        return memory.ToArray();
    }
}
