using System.Security.Cryptography;
using System.Text;
using TgVault.Core.Engine;
using TgVault.Core.Ingest;
using TgVault.Core.Library;
using TgVault.Core.Settings;
using TgVault.Core.Upkeep;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Ingest;

/// <summary>Ingest from upload to ready and back, over real Azurite and ffmpeg.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class IngestTests(AzuriteFixture azurite)
{
    static readonly byte[] Text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("Not a film, but worth keeping. ", 9000)));

    [Fact(Timeout = 60_000)]
    public async Task A_file_ends_ready_plays_byte_for_byte_and_leaves_nothing_in_staging()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var (id, arrived) = await bench.UploadAsync("notes.mp4", Text);

        var outcome = await bench.RunAsync(arrived);

        var video = await bench.ShowAsync(id);
        Assert.Equal(StepResult.Done, outcome.Result);
        Assert.Equal(VideoStatus.Ready, video.Life.Status);
        Assert.Equal(IngestStage.Done, video.Life.Stage);
        Assert.Equal(MediaAction.KeepAsFile, video.Inspection.Decision!.Action);
        Assert.Contains("of no kind of video or sound that is known here", video.Inspection.Decision.Reason, StringComparison.Ordinal);
        Assert.Equal(Text, await bench.PlayAsync(id));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Text)), video.Upload.Sha256);
        Assert.Null(await bench.Staging.FindAsync(StagingArea.Uploads, arrived.BlobName, CancellationToken.None));
        // Five chunks, the manifest and the catalogue.
        Assert.Equal(7, bench.Store.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_second_event_changes_nothing_during_or_after_the_first()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var (id, arrived) = await bench.UploadAsync("notes.txt", Text);

        await Task.WhenAll(bench.RunAsync(arrived), bench.RunAsync(arrived));
        var puts = bench.Store.Puts;
        var again = await bench.RunAsync(arrived);

        var page = await bench.Library.ListAsync(new VideoQuery(null, null, 10, null), CancellationToken.None);
        Assert.Equal(id, Assert.Single(page.Videos).Id);
        Assert.Equal(StepResult.Abandoned, again.Result);
        Assert.Equal(puts, bench.Store.Puts);
        Assert.Equal(Text, await bench.PlayAsync(id));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_blob_nobody_announced_is_adopted_once_if_the_settings_say_so()
    {
        await using var bench = await IngestBench.OpenAsync(
            azurite,
            settings => settings with { Uploads = settings.Uploads with { AdoptUnannounced = true } }
        );
        var arrived = await bench.PutBlobAsync("holiday films/beach.mp4", Text);

        await bench.RunAsync(arrived);
        await bench.RunAsync(arrived);

        var page = await bench.Library.ListAsync(new VideoQuery(null, null, 10, null), CancellationToken.None);
        var video = Assert.Single(page.Videos);
        Assert.Equal("beach.mp4", video.Details.Name);
        Assert.Equal(VideoStatus.Ready, video.Life.Status);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_empty_upload_fails_and_says_what_to_do()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var (id, arrived) = await bench.UploadAsync("empty.mp4", []);

        await bench.RunAsync(arrived);

        var video = await bench.ShowAsync(id);
        Assert.Equal(VideoStatus.Failed, video.Life.Status);
        Assert.Contains("empty", video.Life.Failure, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task After_a_crash_in_the_middle_of_sending_only_what_was_under_way_is_posted_again()
    {
        await using var bench = await IngestBench.OpenAsync(
            azurite,
            settings => settings with { Ingest = new IngestSettings { Parallelism = 2 } }
        );
        var (id, arrived) = await bench.UploadAsync("notes.txt", Text);
        using var crash = new CancellationTokenSource();
        // The crash comes after the third document is stored and before it is recorded; the fourth may be stored by then, too.
        bench.Store.AfterPut = async (_, _) =>
        {
            if (bench.Store.Puts >= 3)
                await crash.CancelAsync();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.RunAsync(arrived, crash.Token));
        bench.Store.AfterPut = null;

        var outcome = await bench.RunAsync(arrived);

        Assert.Equal(StepResult.Done, outcome.Result);
        Assert.Equal(Text, await bench.PlayAsync(id));
        // Five chunks, manifest, catalogue, and at most the two that were under way once more.
        Assert.InRange(bench.Store.Puts, 7, 9);
    }

    [Fact(Timeout = 60_000)]
    public async Task Two_that_prepare_at_once_do_not_take_each_others_files()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var content = await File.ReadAllBytesAsync(await Mp4Clips.PathAsync("h264-aac.mkv"));
        var (id, arrived) = await bench.UploadAsync("film.mkv", content);
        var run = (await bench.Steps.ClaimAsync(arrived, CancellationToken.None)).Run!;
        await bench.RunAsync(IngestStep.Inspect, run, 0, CancellationToken.None);

        await Task.WhenAll(
            bench.RunAsync(IngestStep.Prepare, run, 0, CancellationToken.None),
            bench.RunAsync(IngestStep.Prepare, run, 0, CancellationToken.None)
        );
        var prepared = (await bench.ShowAsync(id)).Files.Prepared!;
        var outcome = await bench.RunAsync(arrived);

        var video = await bench.ShowAsync(id);
        Assert.Equal(StepResult.Done, outcome.Result);
        Assert.Equal(MediaAction.Remux, video.Inspection.Decision!.Action);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), video.Upload.Sha256);
        Assert.Equal(prepared.LengthBytes, (await bench.PlayAsync(id)).Length);
        Assert.Empty(await bench.ListPreparedAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task What_an_earlier_attempt_or_a_crash_left_prepared_goes_when_the_video_is_ready()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var (id, arrived) = await bench.UploadAsync("film.mkv", await File.ReadAllBytesAsync(await Mp4Clips.PathAsync("h264-aac.mkv")));
        var other = $"{VideoId.New(DateTimeOffset.UtcNow)}/1/of-another-video";
        foreach (var name in new[] { $"{id}/1/left-by-a-crash", $"{id}/7/of-an-attempt", other })
            await bench.Staging.SavePreparedAsync(name, new MemoryStream(Text), CancellationToken.None);

        var outcome = await bench.RunAsync(arrived);

        Assert.Equal(StepResult.Done, outcome.Result);
        Assert.Equal([other], await bench.ListPreparedAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_chunk_that_does_not_come_back_is_sent_anew_before_the_source_goes()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var (id, arrived) = await bench.UploadAsync("notes.txt", Text);
        var stored = 0;
        bench.Store.AfterPut = (receipt, _) =>
        {
            // Several are put at once, so the store's own count may have passed a number before anybody looks.
            var number = Interlocked.Increment(ref stored);
            if (number == 2)
                bench.Store.FlipBit(receipt.MessageId, 5000);
            if (number == 4)
                bench.Store.Lose(receipt.MessageId);
            return Task.CompletedTask;
        };

        var outcome = await bench.RunAsync(arrived);

        Assert.Equal(StepResult.Done, outcome.Result);
        Assert.Equal(Text, await bench.PlayAsync(id));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_failed_video_goes_on_after_a_retry_and_keeps_what_was_sent()
    {
        await using var bench = await IngestBench.OpenAsync(
            azurite,
            settings => settings with { Ingest = new IngestSettings { Parallelism = 1 } }
        );
        var (id, arrived) = await bench.UploadAsync("notes.txt", Text);
        bench.Store.BeforePut = (_, _) =>
            bench.Store.Puts == 3
                ? throw new ChunkStoreException(ChunkStoreFailure.Permanent, "The channel is closed.")
                : Task.CompletedTask;
        await bench.RunAsync(arrived);
        var failed = await bench.ShowAsync(id);
        bench.Store.BeforePut = null;
        var before = bench.Store.Puts;

        await bench.Get<IIngestScheduler>().RetryAsync(id, CancellationToken.None);
        var outcome = await bench.RunAsync(arrived);

        Assert.Equal(VideoStatus.Failed, failed.Life.Status);
        Assert.Equal("The channel is closed.", failed.Life.Failure);
        Assert.Equal(StepResult.Done, outcome.Result);
        Assert.Equal(1, (await bench.ShowAsync(id)).Life.Attempt);
        Assert.Equal(Text, await bench.PlayAsync(id));
        Assert.InRange(bench.Store.Puts - before, 4, 5);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_was_edited_while_the_manifest_was_posted_asks_for_another_manifest()
    {
        const int Manifest = 6;
        await using var bench = await IngestBench.OpenAsync(azurite);
        var (id, arrived) = await bench.UploadAsync("notes.txt", Text);
        bench.Store.AfterPut = async (_, cancellation) =>
        {
            if (bench.Store.Puts == Manifest)
                await bench.Library.ChangeAsync(
                    id,
                    current => current with { Details = current.Details with { Description = "edited just then" } },
                    cancellation
                );
        };

        var outcome = await bench.RunAsync(arrived);

        var video = await bench.ShowAsync(id);
        Assert.Equal((StepResult.Done, "edited just then"), (outcome.Result, video.Details.Description));
        Assert.True(video.NeedsAmending);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_upload_replaced_during_ingest_fails_and_its_newer_version_is_taken()
    {
        await using var bench = await IngestBench.OpenAsync(
            azurite,
            settings => settings with { Ingest = new IngestSettings { Parallelism = 1 } }
        );
        var (id, arrived) = await bench.UploadAsync("notes.txt", Text);
        var newer = Text.Reverse().ToArray();
        IngestRequest? second = null;
        bench.Store.AfterPut = async (_, _) =>
        {
            if (second is null)
                second = await bench.PutBlobAsync(arrived.BlobName, newer);
        };

        var first = await bench.RunAsync(arrived);
        var outcome = await bench.RunAsync(second!);

        Assert.Equal(StepResult.Failed, first.Result);
        Assert.Equal(StepResult.Done, outcome.Result);
        Assert.Equal(newer, await bench.PlayAsync(id));
        // The first attempt's chunk went with it: five chunks, manifest and catalogue are left.
        Assert.Equal(7, bench.Store.Count);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_ingest_that_a_crash_cut_short_and_whose_upload_is_gone_is_given_up(bool replaced)
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var (id, arrived) = await bench.UploadAsync("notes.txt", Text);
        await bench.Steps.ClaimAsync(arrived, CancellationToken.None);
        var staged = await bench.Staging.FindAsync(StagingArea.Uploads, arrived.BlobName, CancellationToken.None);
        await bench.Staging.DeleteAsync(staged!, CancellationToken.None);
        var newer = Text.Reverse().ToArray();
        var second = replaced ? await bench.PutBlobAsync(arrived.BlobName, newer) : null;

        await bench.RunAsync(arrived with { Unfinished = id });
        var givenUp = await bench.ShowAsync(id);
        if (second is not null)
            await bench.RunAsync(second);

        Assert.Equal(VideoStatus.Failed, givenUp.Life.Status);
        Assert.Contains("upload", givenUp.Life.Failure, StringComparison.Ordinal);
        if (second is not null)
            Assert.Equal(newer, await bench.PlayAsync(id));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_video_removed_during_ingest_leaves_nothing_behind()
    {
        await using var bench = await IngestBench.OpenAsync(
            azurite,
            settings => settings with { Ingest = new IngestSettings { Parallelism = 1 } }
        );
        var (id, arrived) = await bench.UploadAsync("notes.txt", Text);
        bench.Store.AfterPut = async (_, cancellation) =>
        {
            if (bench.Store.Puts == 2)
                await bench.Get<Removals>().BeginAsync(id, cancellation);
        };

        var outcome = await bench.RunAsync(arrived);
        await bench.Get<Removals>().FinishAsync(id, CancellationToken.None);

        Assert.Equal(StepResult.Abandoned, outcome.Result);
        Assert.Null(await bench.Library.FindAsync(id, CancellationToken.None));
        Assert.Null(await bench.Staging.FindAsync(StagingArea.Uploads, arrived.BlobName, CancellationToken.None));
        Assert.Equal(0, bench.Store.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task No_chunk_is_posted_or_read_back_once_the_attempt_is_over()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var (id, arrived) = await bench.UploadAsync("notes.txt", Text);
        var run = (await bench.Steps.ClaimAsync(arrived, CancellationToken.None)).Run!;
        await bench.RunAsync(IngestStep.Inspect, run, 0, CancellationToken.None);
        await bench.RunAsync(IngestStep.Prepare, run, 0, CancellationToken.None);
        await bench.RunAsync(IngestStep.Plan, run, 0, CancellationToken.None);
        // The plan is known from here on, and must not be taken for leave to go on.
        Assert.Equal(StepOutcome.Done, await bench.RunAsync(IngestStep.Send, run, 0, CancellationToken.None));
        await bench.Steps.FailAsync(run, "The disk is full.", CancellationToken.None);
        bench.Store.ForgetReads();

        Assert.Equal(StepOutcome.Abandoned, await bench.RunAsync(IngestStep.Send, run, 1, CancellationToken.None));
        Assert.Equal(StepOutcome.Abandoned, await bench.RunAsync(IngestStep.Verify, run, 0, CancellationToken.None));

        Assert.Equal((1, 0), (bench.Store.Puts, bench.Store.Reads.Count));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_removed_video_is_gone_from_tables_documents_and_catalogue()
    {
        await using var bench = await IngestBench.OpenAsync(azurite);
        var (id, arrived) = await bench.UploadAsync("notes.txt", Text);
        await bench.RunAsync(arrived);

        await bench.Get<Removals>().BeginAsync(id, CancellationToken.None);
        var marked = await bench.ShowAsync(id);
        await bench.Get<Removals>().FinishAsync(id, CancellationToken.None);

        Assert.Null(marked.Files.Key);
        Assert.Null(await bench.Library.FindAsync(id, CancellationToken.None));
        // Only the catalogue itself is left.
        Assert.Equal(1, bench.Store.Count);
    }
}
