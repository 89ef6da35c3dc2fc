using System.Text;
using System.Text.Json;
using TgVault.Core.Ingest;
using TgVault.Core.Library;
using TgVault.Core.Rows;
using TgVault.Core.Upkeep;
using TgVault.Core.Videos;
using TgVault.Core.Webhooks;
using TgVault.Testing;

namespace TgVault.Functions.Tests.Ingest;

/// <summary>What the timers look after.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class UpkeepTests(AzuriteFixture azurite)
{
    static readonly byte[] Text = Encoding.UTF8.GetBytes("A short text.");

    [Fact(Timeout = 60_000)]
    public async Task An_upload_whose_event_got_lost_is_taken_up()
    {
        await using var bench = await FunctionBench.OpenAsync(azurite);
        var (id, _) = await bench.UploadAsync("notes.txt", Text);

        await bench.Upkeep.TakeUpUnfinished(new(), bench.Hub, CancellationToken.None);

        await bench.Hub.IdleAsync();
        Assert.Equal(VideoStatus.Ready, (await bench.ShowAsync(id)).Life.Status);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_row_whose_instance_never_began_is_taken_up()
    {
        await using var bench = await FunctionBench.OpenAsync(azurite);
        var (id, blob) = await bench.UploadAsync("notes.txt", Text);
        var upload = (await bench.Staging.FindAsync(Core.Videos.StagingArea.Uploads, blob.Name, CancellationToken.None))!;
        await bench.Get<IngestSteps>().ClaimAsync(new IngestRequest(upload.Name, upload.ETag), CancellationToken.None);

        await bench.Upkeep.TakeUpUnfinished(new(), bench.Hub, CancellationToken.None);

        await bench.Hub.IdleAsync();
        Assert.Equal(VideoStatus.Ready, (await bench.ShowAsync(id)).Life.Status);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_row_at_a_standstill_for_over_a_day_fails_and_keeps_its_upload()
    {
        await using var bench = await FunctionBench.OpenAsync(azurite);
        var (id, blob) = await bench.UploadAsync("notes.txt", Text);
        var upload = (await bench.Staging.FindAsync(Core.Videos.StagingArea.Uploads, blob.Name, CancellationToken.None))!;
        await bench.Get<IngestSteps>().ClaimAsync(new IngestRequest(upload.Name, upload.ETag), CancellationToken.None);
        await bench.Library.ChangeAsync(id, video => video with { Updated = DateTimeOffset.UtcNow.AddHours(-25) }, CancellationToken.None);

        await bench.Upkeep.TakeUpUnfinished(new(), bench.Hub, CancellationToken.None);

        await bench.Hub.IdleAsync();
        var video = await bench.ShowAsync(id);
        Assert.Equal(VideoStatus.Failed, video.Life.Status);
        Assert.Contains("standstill", video.Life.Failure, StringComparison.Ordinal);
        Assert.True(await blob.ExistsAsync());
        Assert.Empty(bench.Hub.Instances);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_marked_video_that_nobody_removes_is_removed()
    {
        await using var bench = await FunctionBench.OpenAsync(azurite);
        var (id, _) = await bench.UploadAsync("notes.txt", Text);
        await bench.Get<Removals>().BeginAsync(id, CancellationToken.None);

        await bench.Upkeep.TakeUpUnfinished(new(), bench.Hub, CancellationToken.None);

        await bench.Hub.IdleAsync();
        Assert.Null(await bench.Library.FindAsync(id, CancellationToken.None));
    }

    [Fact(Timeout = 60_000)]
    public async Task Uploads_that_never_came_expire_a_week_after_their_url_and_others_stay()
    {
        await using var bench = await FunctionBench.OpenAsync(azurite);
        var now = DateTimeOffset.UtcNow;
        var abandoned = await bench.AnnounceAsync("never came.mp4", 10, now.AddDays(-9));
        var mayCome = await bench.AnnounceAsync("may come.mp4", 10, now.AddDays(-7));
        var came = await bench.AnnounceAsync("came.mp4", Text.Length, now.AddDays(-9));
        await bench.PutBlobAsync(came.ToString(), Text);

        await bench.Upkeep.TidyUp(new(), bench.Hub, CancellationToken.None);

        await bench.Hub.IdleAsync();
        Assert.Null(await bench.Library.FindAsync(abandoned, CancellationToken.None));
        Assert.NotNull(await bench.Library.FindAsync(mayCome, CancellationToken.None));
        Assert.NotNull(await bench.Library.FindAsync(came, CancellationToken.None));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_was_in_the_trash_for_its_time_goes_at_night_and_the_rest_stays_there()
    {
        await using var bench = await FunctionBench.OpenAsync(azurite);
        var (over, blob) = await bench.UploadAsync("over.txt", Text);
        await bench.ArriveAsync(blob);
        var (kept, second) = await bench.UploadAsync("kept.txt", Text);
        await bench.ArriveAsync(second);
        await bench.Hub.IdleAsync();
        Assert.Equal((200, 200), (await bench.TrashAsync(over), await bench.TrashAsync(kept)));
        var documents = bench.Documents;
        var yesterday = DateTimeOffset.UtcNow.AddDays(-1);
        await bench.Library.ChangeAsync(
            over,
            video => VideoLife.Trash(VideoLife.Untrash(video, yesterday)!, yesterday, yesterday),
            CancellationToken.None
        );

        await bench.Upkeep.TidyUp(new(), bench.Hub, CancellationToken.None);

        await bench.Hub.IdleAsync();
        Assert.Null(await bench.Library.FindAsync(over, CancellationToken.None));
        Assert.Equal(VideoStatus.Trashed, (await bench.ShowAsync(kept)).Life.Status);
        Assert.True(bench.Documents < documents);
    }

    [Fact(Timeout = 60_000)]
    public async Task Webhooks_are_told_what_happened_also_of_a_video_whose_row_is_gone()
    {
        await using var site = new HookSite();
        await using var bench = await FunctionBench.OpenAsync(azurite);
        await bench.Get<WebhookRing>().MakeAsync(site.Url, [], "", CancellationToken.None);
        var (id, blob) = await bench.UploadAsync("notes.txt", Text);
        await bench.ArriveAsync(blob);
        await bench.Hub.IdleAsync();

        await bench.Upkeep.TellWebhooks(new(), CancellationToken.None);
        Assert.Equal(["video.created", "video.ready"], site.Requests.Select(TypeOf));
        await bench.Get<Removals>().BeginAsync(id, CancellationToken.None);
        await bench.Upkeep.TakeUpUnfinished(new(), bench.Hub, CancellationToken.None);
        await bench.Hub.IdleAsync();
        Assert.Null(await bench.Library.FindAsync(id, CancellationToken.None));
        await bench.Upkeep.TellWebhooks(new(), CancellationToken.None);

        Assert.Equal(["video.created", "video.ready", "video.deleted"], site.Requests.Select(TypeOf));

        static string? TypeOf(HookRequest request) => JsonDocument.Parse(request.Body).RootElement.GetProperty("type").GetString();
    }

    [Fact(Timeout = 60_000)]
    public async Task Videos_of_an_earlier_version_become_findable()
    {
        await using var bench = await FunctionBench.OpenAsync(azurite);
        var id = await bench.AnnounceAsync("Früher.mp4", 10, DateTimeOffset.UtcNow);
        await bench
            .Get<IRowStore>()
            .Table(VaultTables.Listing)
            .DeleteRangeAsync(RowRange.Partitions("status:", "x"), CancellationToken.None);
        var query = new VideoQuery(null, null, 10, null) { Search = "fruher", Status = VideoStatus.Waiting };
        Assert.Empty((await bench.Library.ListAsync(query, CancellationToken.None)).Videos);

        await bench.Upkeep.IndexLibrary(new(), CancellationToken.None);

        Assert.Equal(id, Assert.Single((await bench.Library.ListAsync(query, CancellationToken.None)).Videos).Id);
    }
}
