using System.Text.Json;
using TgVault.Core.Rows;
using TgVault.Core.Videos;

namespace TgVault.Core.Tests.Webhooks;

/// <summary>What happens to a video reaches every webhook that wants it, whenever the process ends.</summary>
public sealed class EventTellerTests
{
    [Fact(Timeout = 30_000)]
    public async Task A_video_is_told_of_in_each_state_as_it_was_then()
    {
        await using var bench = new WebhookBench();
        await bench.MakeAsync();
        var video = await bench.AddAsync();
        foreach (
            var status in new[]
            {
                VideoStatus.Ingesting,
                VideoStatus.Failed,
                VideoStatus.Waiting,
                VideoStatus.Ingesting,
                VideoStatus.Ready,
                VideoStatus.Trashed,
                VideoStatus.Ready,
                VideoStatus.Trashed,
                // What the trash gives up was gone for sites before.
                VideoStatus.Deleting,
            }
        )
        {
            bench.Time.Advance(TimeSpan.FromSeconds(1));
            await bench.SetAsync(video, status);
        }

        await bench.LookAsync();

        var told = bench.Site.Requests.Select(request => JsonDocument.Parse(request.Body).RootElement).ToList();
        Assert.Equal(
            [
                ("video.created", "Waiting"),
                ("video.failed", "Failed"),
                ("video.ready", "Ready"),
                ("video.deleted", "Trashed"),
                ("video.ready", "Ready"),
                ("video.deleted", "Trashed"),
            ],
            told.Select(message => (message.GetProperty("type").GetString(), message.GetProperty("data").GetProperty("status").GetString()))
        );
        Assert.All(told, message => Assert.Equal(video.Id.ToString(), message.GetProperty("data").GetProperty("id").GetString()));
        Assert.Equal("2026-11-29T11:00:02.000Z", told[1].GetProperty("timestamp").GetString());
        Assert.Equal(6, bench.Site.Requests.Select(request => request.Message).Distinct().Count());
        Assert.Empty((await bench.Library.FindAsync(video.Id, CancellationToken.None))!.Untold);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_webhook_is_told_only_of_what_it_wants()
    {
        await using var bench = new WebhookBench();
        await bench.MakeAsync(LifeEventKind.Ready);
        var video = await bench.AddAsync();
        await bench.SetAsync(video, VideoStatus.Ready);

        await bench.LookAsync();

        Assert.Contains("video.ready", Assert.Single(bench.Site.Requests).Body, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task Without_a_webhook_nothing_is_noted()
    {
        await using var bench = new WebhookBench();

        var video = await bench.AddAsync();

        Assert.Empty((await bench.Library.FindAsync(video.Id, CancellationToken.None))!.Untold);
    }

    [Fact(Timeout = 60_000)]
    public async Task Wherever_the_process_is_killed_what_the_row_says_is_told()
    {
        for (var writes = 0; ; writes++)
        {
            await using var bench = new WebhookBench();
            await bench.MakeAsync();
            var video = bench.New();
            bench.Rows.Left = writes;
            var wasKilled = await IsKilledAsync(async () =>
            {
                await bench.Library.TryAddAsync(video, CancellationToken.None);
                await bench.LookAsync();
            });
            bench.Rows.Left = -1;
            bench.Restart();

            await bench.LookAsync();

            var isThere = await bench.Library.FindAsync(video.Id, CancellationToken.None) is not null;
            Assert.Equal((writes, isThere), (writes, bench.Site.Requests.Count > 0));
            Assert.True(bench.Site.Requests.Select(request => request.Message).Distinct().Count() <= 1);
            if (wasKilled)
                continue;
            // The row, its lists, the message, its entry, that it is told, that it was taken, and what led there.
            Assert.True(writes > 8, $"only {writes} writes were broken off at");
            Assert.Single(bench.Site.Requests);
            return;
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task What_was_told_leaves_no_rows_that_wait()
    {
        await using var bench = new WebhookBench();
        var webhook = await bench.MakeAsync();
        await bench.AddAsync();

        await bench.LookAsync();
        await bench.LookAsync();

        Assert.Single(bench.Site.Requests);
        await foreach (
            var row in bench.Rows.Table(VaultTables.Vault).ListAsync(RowRange.Of($"due.{webhook.Id}"), 10, null, CancellationToken.None)
        )
            Assert.Fail($"{row.Key} still waits");
    }

    static async Task<bool> IsKilledAsync(Func<Task> work)
    {
        try
        {
            await work();
            return false;
        }
        catch (PowerLossException)
        {
            return true;
        }
    }
}
