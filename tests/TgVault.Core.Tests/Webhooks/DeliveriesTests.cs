using TgVault.Core.Videos;
using TgVault.Core.Webhooks;

namespace TgVault.Core.Tests.Webhooks;

/// <summary>How a message gets to a site that does not take it at once, or never.</summary>
public sealed class DeliveriesTests
{
    [Fact(Timeout = 60_000)]
    public async Task A_message_is_tried_again_for_a_day_and_then_given_up()
    {
        await using var bench = new WebhookBench();
        var webhook = await bench.MakeAsync();
        bench.Site.Status = 500;
        await bench.AddAsync();
        var began = bench.Time.GetUtcNow();

        await bench.LookAsync();

        var waits = new List<TimeSpan>();
        while (await bench.OnlyAsync(webhook) is { State: DeliveryState.Waiting, NextTry: { } next })
        {
            waits.Add(next - bench.Time.GetUtcNow());
            bench.Time.Advance(waits[^1] - TimeSpan.FromMilliseconds(1));
            await bench.LookAsync();
            Assert.Equal(waits.Count, bench.Site.Requests.Count);
            bench.Time.Advance(TimeSpan.FromMilliseconds(1));
            await bench.LookAsync();
        }

        var delivery = await bench.OnlyAsync(webhook);
        Assert.Equal((DeliveryState.Failed, 9, 500), (delivery.State, delivery.Tries, delivery.Status));
        Assert.Equal("It answered with status 500.", delivery.Problem);
        double[] seconds = [5, 60, 300, 1800, 7200, 18_000, 28_800, 28_800];
        Assert.Equal(seconds.Length, waits.Count);
        Assert.All(waits.Zip(seconds), wait => Assert.InRange(wait.First.TotalSeconds, wait.Second, wait.Second * 1.1));
        Assert.InRange((bench.Time.GetUtcNow() - began).TotalHours, 23, 27);
        Assert.Single(bench.Site.Requests.Select(request => request.Message).Distinct());
        Assert.Equal(9, bench.Site.Requests.Select(request => request.Headers["webhook-timestamp"]).Distinct().Count());
    }

    [Fact(Timeout = 30_000)]
    public async Task What_is_taken_later_is_delivered_and_sent_no_more()
    {
        await using var bench = new WebhookBench();
        var webhook = await bench.MakeAsync();
        bench.Site.Status = 503;
        bench.Site.Answers["Retry-After"] = "3600";
        await bench.AddAsync();
        await bench.LookAsync();
        Assert.Equal(bench.Time.GetUtcNow().AddHours(1), (await bench.OnlyAsync(webhook)).NextTry);
        bench.Site.Status = 204;

        bench.Time.Advance(TimeSpan.FromHours(1));
        await bench.LookAsync();
        bench.Time.Advance(TimeSpan.FromDays(2));
        await bench.LookAsync();

        var delivery = await bench.OnlyAsync(webhook);
        Assert.Equal((DeliveryState.Delivered, 2, null), (delivery.State, delivery.Tries, delivery.Problem));
        Assert.Equal(2, bench.Site.Requests.Count);
    }

    [Fact(Timeout = 30_000)]
    public async Task Gone_ends_a_webhook_until_a_test_is_taken()
    {
        await using var bench = new WebhookBench();
        var webhook = await bench.MakeAsync();
        bench.Site.Status = 410;
        var video = await bench.AddAsync();
        await bench.LookAsync();
        Assert.NotNull((await bench.Ring.FindAsync(webhook.Id, CancellationToken.None))!.Disabled);
        Assert.Equal(DeliveryState.Failed, (await bench.OnlyAsync(webhook)).State);
        await bench.SetAsync(video, VideoStatus.Ready);
        await bench.LookAsync();
        Assert.Single(bench.Site.Requests);
        bench.Site.Status = 200;

        var test = await bench.Deliveries.TestAsync(webhook, CancellationToken.None);

        Assert.Equal((DeliveryState.Delivered, "webhook.test"), (test.State, test.Type));
        Assert.Null((await bench.Ring.FindAsync(webhook.Id, CancellationToken.None))!.Disabled);
        await bench.SetAsync(video, VideoStatus.Deleting);
        await bench.LookAsync();
        Assert.Equal(3, bench.Site.Requests.Count);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_message_that_was_given_up_can_be_sent_again()
    {
        await using var bench = new WebhookBench();
        var webhook = await bench.MakeAsync();
        bench.Site.Status = 404;
        var failed = await bench.Deliveries.TestAsync(webhook, CancellationToken.None);
        Assert.Equal((DeliveryState.Failed, 404), (failed.State, failed.Status));
        bench.Site.Status = 204;

        var again = await bench.Deliveries.SendAgainAsync(webhook, failed.Message, CancellationToken.None);

        Assert.Equal((DeliveryState.Delivered, 2), (again!.State, again.Tries));
        Assert.Equal(bench.Site.Requests[0].Body, bench.Site.Requests[1].Body);
        Assert.Null(await bench.Deliveries.SendAgainAsync(webhook, "nothing-of-that-name", CancellationToken.None));
    }

    [Fact(Timeout = 60_000)]
    public async Task Of_what_ended_the_newest_hundred_are_kept()
    {
        await using var bench = new WebhookBench();
        var webhook = await bench.MakeAsync();
        for (var i = 0; i < Deliveries.Kept + 5; i++)
        {
            bench.Time.Advance(TimeSpan.FromSeconds(1));
            await bench.AddAsync();
        }

        await bench.LookAsync();
        await bench.LookAsync();

        var kept = await bench.Deliveries.ListAsync(webhook, 1000, CancellationToken.None);
        Assert.Equal(Deliveries.Kept + 5, bench.Site.Requests.Count);
        Assert.Equal(Deliveries.Kept, kept.Count);
        Assert.Equal(bench.Site.Requests[^1].Message, kept[0].Message);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_site_that_cannot_be_reached_gets_one_try_at_a_look()
    {
        await using var bench = new WebhookBench();
        var webhook = await bench.MakeAsync();
        await bench.AddAsync();
        await bench.AddAsync();
        await bench.Site.DisposeAsync();

        await bench.LookAsync();

        var deliveries = await bench.Deliveries.ListAsync(webhook, 10, CancellationToken.None);
        Assert.Equal([0, 1], deliveries.Select(delivery => delivery.Tries).Order());
        Assert.Contains(deliveries, delivery => delivery.Problem == "Nobody listens there: 127.0.0.1 refused the connection.");
    }

    [Fact(Timeout = 30_000)]
    public async Task What_is_removed_is_sent_nothing_and_leaves_nothing()
    {
        await using var bench = new WebhookBench();
        var webhook = await bench.MakeAsync();
        await bench.AddAsync();
        await bench.Teller.TellAllAsync(CancellationToken.None);

        Assert.True(await bench.Ring.RemoveAsync(webhook.Id, CancellationToken.None));
        await bench.Deliveries.RemoveAsync(webhook.Id, CancellationToken.None);
        await bench.Deliveries.SendDueAsync(webhook.Id, DateTimeOffset.MaxValue, CancellationToken.None);

        Assert.Empty(bench.Site.Requests);
        Assert.Empty(await bench.Deliveries.ListAsync(webhook, 10, CancellationToken.None));
        Assert.False(await bench.Ring.RemoveAsync(webhook.Id, CancellationToken.None));
    }

    [Fact(Timeout = 30_000)]
    public async Task After_the_master_secret_was_rotated_messages_wait_for_a_new_secret()
    {
        await using var bench = new WebhookBench();
        var webhook = await bench.MakeAsync();
        bench.RotateMasterSecret();
        await bench.AddAsync();

        await bench.LookAsync();

        Assert.Equal((DeliveryState.Waiting, 1), ((await bench.OnlyAsync(webhook)).State, (await bench.OnlyAsync(webhook)).Tries));
        Assert.Empty(bench.Site.Requests);
        Assert.NotNull(await bench.Ring.RotateAsync(webhook.Id, CancellationToken.None));
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        await bench.LookAsync();
        Assert.Equal(DeliveryState.Delivered, (await bench.OnlyAsync(webhook)).State);
        Assert.DoesNotContain(' ', Assert.Single(bench.Site.Requests).Headers["webhook-signature"]);
    }
}
