using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Telegram.Bot;
using Telegram.Bot.Exceptions;
using TgVault.BotApi.Faults;

namespace TgVault.BotApi.Tests;

public sealed class FaultTests
{
    [Theory(Timeout = 30000)]
    [InlineData(
        FaultKind.TooManyRequests,
        429,
        """{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 7","parameters":{"retry_after":7}}"""
    )]
    [InlineData(
        FaultKind.TooManyRequestsAs400,
        400,
        """{"ok":false,"error_code":400,"description":"Bad Request: too Many Requests: retry after 7"}"""
    )]
    [InlineData(FaultKind.ServerError, 500, """{"ok":false,"error_code":500,"description":"Internal Server Error: restart"}""")]
    [InlineData(FaultKind.BadGateway, 502, """{"ok":false,"error_code":502,"description":"Bad Gateway"}""")]
    [InlineData(FaultKind.BadGatewayHtml, 502, "<html>")]
    [InlineData(FaultKind.TooLargeHtml, 413, "<html>")]
    public async Task The_next_call_meets_its_fault_and_the_one_after_does_not(FaultKind kind, int status, string body)
    {
        await using var standIn = await StandIn.StartAsync();
        standIn.Server.Faults.Add(
            new Fault
            {
                Kind = kind,
                Method = "getMe",
                Times = 1,
                RetryAfterSeconds = 7,
            }
        );

        using var answer = await standIn.Http.GetAsync($"{standIn.Server.Url}/bot{StandIn.FirstToken}/getMe");
        var after = await standIn.First.GetMe();

        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        Assert.StartsWith(body, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(status == 429 ? "7" : null, answer.Headers.RetryAfter?.ToString());
        Assert.Equal(111, after.Id);
        Assert.Empty(standIn.Server.Faults.List());
    }

    [Fact(Timeout = 30000)]
    public async Task A_fault_strikes_only_the_bot_and_chat_it_names()
    {
        await using var standIn = await StandIn.StartAsync();
        standIn.Server.Faults.Add(
            new Fault
            {
                Kind = FaultKind.BadGateway,
                Bot = 222,
                Chat = StandIn.Channel,
            }
        );

        await standIn.First.GetChat(StandIn.Channel);
        await standIn.Second.GetChat(StandIn.OtherChannel);

        await Assert.ThrowsAsync<ApiRequestException>(() => standIn.Second.GetChat(StandIn.Channel));
    }

    [Fact(Timeout = 30000)]
    public async Task Chance_repeats_with_its_seed()
    {
        await using var standIn = await StandIn.StartAsync();

        var first = await OutcomesAsync(standIn, seed: 1);
        var again = await OutcomesAsync(standIn, seed: 1);
        var other = await OutcomesAsync(standIn, seed: 2);

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.InRange(first.Count(failed => failed), 10, 40);
    }

    [Fact(Timeout = 30000)]
    public async Task A_call_that_times_out_after_storing_has_stored()
    {
        await using var standIn = await StandIn.StartAsync();
        standIn.Server.Faults.Add(
            new Fault
            {
                Kind = FaultKind.StoredThenTimeout,
                Method = "sendDocument",
                Times = 1,
                DelaySeconds = 0.2,
            }
        );

        await Assert.ThrowsAsync<RequestException>(() => standIn.SendAsync([1]));

        Assert.Single(standIn.Server.Documents);
    }

    [Fact(Timeout = 30000)]
    public async Task A_server_with_a_silent_call_ends_at_once()
    {
        await using var standIn = await StandIn.StartAsync();
        standIn.Server.Faults.Next(FaultKind.StoredThenTimeout, "sendDocument");
        var call = standIn.SendAsync([1]);
        // The server tells nobody that it has stored something.
        using (var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10)))
            while (standIn.Server.Documents.Count == 0)
                await timer.WaitForNextTickAsync();

        await standIn.Server.DisposeAsync();

        await Assert.ThrowsAsync<RequestException>(() => call);
    }

    [Fact(Timeout = 30000)]
    public async Task Downloads_are_cut_flipped_or_whole_on_demand()
    {
        await using var standIn = await StandIn.StartAsync();
        var content = StandIn.Bytes(1000);
        var message = await standIn.SendAsync(content);
        var link = await standIn.LinkAsync(message.Document!.FileId);

        standIn.Server.Faults.Next(FaultKind.TruncatedBody, Fault.FileGet);
        await Assert.ThrowsAsync<HttpRequestException>(() => standIn.Http.GetByteArrayAsync(link));

        standIn.Server.Faults.Add(
            new Fault
            {
                Kind = FaultKind.FlippedBit,
                AtByte = 10,
                Times = 1,
            }
        );
        var flipped = await standIn.Http.GetByteArrayAsync(link);
        Assert.Equal(content[10] ^ 1, flipped[10]);
        flipped[10] ^= 1;
        Assert.Equal(content, flipped);

        standIn.Server.Faults.Next(FaultKind.RangeIgnored);
        using var request = new HttpRequestMessage(HttpMethod.Get, link) { Headers = { Range = new RangeHeaderValue(5, 9) } };
        using var whole = await standIn.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
        Assert.Equal(content, await whole.Content.ReadAsByteArrayAsync());

        standIn.Server.Faults.Next(FaultKind.LinkExpired);
        Assert.Equal(HttpStatusCode.NotFound, (await standIn.Http.GetAsync(link)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await standIn.Http.GetAsync(link)).StatusCode);
        Assert.Equal(content, await standIn.Http.GetByteArrayAsync(await standIn.LinkAsync(message.Document.FileId)));
    }

    [Fact(Timeout = 30000)]
    public async Task Answers_are_cut_delayed_and_slowed_on_demand()
    {
        await using var standIn = await StandIn.StartAsync();
        standIn.Server.Faults.Next(FaultKind.TruncatedBody, "getMe");
        await Assert.ThrowsAsync<RequestException>(() => standIn.First.GetMe());

        standIn.Server.Faults.Add(
            new Fault
            {
                Kind = FaultKind.Delay,
                Method = "getMe",
                Times = 1,
                DelaySeconds = 0.3,
            }
        );
        Assert.InRange(await SecondsAsync(() => standIn.First.GetMe()), 0.29, double.MaxValue);

        var link = await standIn.LinkToNewAsync(new byte[50_000]);
        standIn.Server.Faults.BytesPerSecond = 100_000;
        Assert.InRange(await SecondsAsync(() => standIn.Http.GetByteArrayAsync(link)), 0.45, double.MaxValue);
        Assert.InRange(await SecondsAsync(() => standIn.SendAsync(new byte[50_000])), 0.45, double.MaxValue);
    }

    [Fact(Timeout = 30000)]
    public async Task A_message_is_gone_by_fault_or_for_good()
    {
        await using var standIn = await StandIn.StartAsync();
        var message = await standIn.SendAsync([1]);
        standIn.Server.Faults.Next(FaultKind.MessageGone);

        var once = await Assert.ThrowsAsync<ApiRequestException>(() =>
            standIn.First.ForwardMessage(StandIn.Channel, StandIn.Channel, message.Id)
        );
        Assert.True(standIn.Server.Lose(StandIn.Channel, message.Id, bytesToo: true));
        var lost = await Assert.ThrowsAsync<ApiRequestException>(() => standIn.First.GetFile(message.Document!.FileId));

        Assert.Equal("Bad Request: message to forward not found", once.Message);
        Assert.Equal("Bad Request: wrong file_id or the file is temporarily unavailable", lost.Message);
    }

    [Fact(Timeout = 30000)]
    public async Task The_control_endpoint_sets_and_reads_the_same()
    {
        await using var standIn = await StandIn.StartAsync(options => options with { Control = true });
        var control = $"{standIn.Server.Url}/control";
        var message = await standIn.SendAsync([1]);

        using var fault = await standIn.Http.PostAsJsonAsync(
            $"{control}/faults",
            new
            {
                kind = "tooManyRequests",
                method = "getMe",
                times = 1,
                retryAfterSeconds = 99,
            }
        );
        var refusal = await Assert.ThrowsAsync<ApiRequestException>(() => standIn.First.GetMe());
        using var clock = await standIn.Http.PostAsJsonAsync($"{control}/clock", new { advanceSeconds = 49 * 3600 });
        var tooOld = await Assert.ThrowsAsync<ApiRequestException>(() => standIn.First.DeleteMessage(StandIn.Channel, message.Id));
        var counters = JsonNode.Parse(await standIn.Http.GetStringAsync($"{control}/counters"))!;
        var documents = JsonNode.Parse(await standIn.Http.GetStringAsync($"{control}/documents"))!.AsArray();
        using var nonsense = await standIn.Http.PostAsJsonAsync($"{control}/faults", new { kind = "earthquake" });

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (fault.StatusCode, clock.StatusCode));
        Assert.Equal(99, refusal.Parameters!.RetryAfter);
        Assert.Equal("Bad Request: message can't be deleted", tooOld.Message);
        Assert.Equal(1, (int)counters["calls"]!["getMe"]!);
        Assert.Equal(1, (int)documents.Single()!["sizeBytes"]!);
        Assert.Equal(HttpStatusCode.BadRequest, nonsense.StatusCode);
    }

    static async Task<List<bool>> OutcomesAsync(StandIn standIn, int seed)
    {
        standIn.Server.Faults.Clear();
        standIn.Server.Faults.Add(
            new Fault
            {
                Kind = FaultKind.ServerError,
                Method = "getMe",
                Probability = 0.25,
                Seed = seed,
            }
        );
        var outcomes = new List<bool>();
        for (var i = 0; i < 100; i++)
        {
            using var answer = await standIn.Http.GetAsync($"{standIn.Server.Url}/bot{StandIn.FirstToken}/getMe");
            outcomes.Add(!answer.IsSuccessStatusCode);
        }

        return outcomes;
    }

    // A delay on demand can be told by the clock: what else the machine does makes it longer only.
    static async Task<double> SecondsAsync(Func<Task> act)
    {
        var started = Stopwatch.GetTimestamp();
        await act();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
