using System.Net;
using System.Text.Json;
using TgVault.Core.Settings;
using TgVault.Testing;

namespace TgVault.Web.Tests.Webhooks;

/// <summary>Webhooks over HTTP: made, believed by who gets them, given another secret, removed.</summary>
public sealed class WebhookTests
{
    [Fact(Timeout = 60_000)]
    public async Task What_is_sent_is_believed_by_the_library_for_it_and_what_was_changed_is_not()
    {
        await using var site = new HookSite();
        await using var parts = await StartAsync();
        var (id, secret) = await MakeAsync(parts, site);

        using var tested = await parts.ManageAsync(HttpMethod.Post, $"api/webhooks/{id}/tests");

        var delivery = await WebParts.JsonAsync(tested);
        Assert.Equal(("delivered", 204), (delivery.GetProperty("state").GetString(), delivery.GetProperty("status").GetInt32()));
        var message = Assert.Single(site.Requests);
        Assert.Equal(delivery.GetProperty("id").GetString(), message.Message);
        Assert.Equal("application/json", message.Headers["content-type"]);
        var believed = JsonDocument.Parse(await StandardWebhooks.VerifyAsync(secret, message)).RootElement;
        Assert.Equal("webhook.test", believed.GetProperty("type").GetString());
        Assert.Equal(JsonValueKind.Object, believed.GetProperty("data").ValueKind);

        const string refused = "No matching signature found";
        Assert.Equal(refused, await StandardWebhooks.VerifyAsync(secret, message with { Body = message.Body + " " }));
        Assert.Equal(refused, await StandardWebhooks.VerifyAsync(secret, With(message, "webhook-id", "another")));
        Assert.Equal(refused, await StandardWebhooks.VerifyAsync($"whsec_{Convert.ToBase64String(new byte[32])}", message));
        var old = DateTimeOffset.UtcNow.AddMinutes(-6).ToUnixTimeSeconds();
        Assert.Equal("Message timestamp too old", await StandardWebhooks.VerifyAsync(secret, With(message, "webhook-timestamp", $"{old}")));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_new_secret_and_the_one_before_are_both_good_for_a_day()
    {
        await using var site = new HookSite();
        await using var parts = await StartAsync();
        var (id, first) = await MakeAsync(parts, site);

        using var rotated = await parts.ManageAsync(HttpMethod.Post, $"api/webhooks/{id}/secrets");
        using var tested = await parts.ManageAsync(HttpMethod.Post, $"api/webhooks/{id}/tests");

        Assert.Equal(HttpStatusCode.Created, rotated.StatusCode);
        var answer = await WebParts.JsonAsync(rotated);
        var second = answer.GetProperty("secret").GetString()!;
        Assert.NotEqual(first, second);
        var until = answer.GetProperty("webhook").GetProperty("formerSecretUntil").GetDateTimeOffset();
        Assert.InRange(until, DateTimeOffset.UtcNow.AddHours(23), DateTimeOffset.UtcNow.AddHours(24));
        foreach (var secret in new[] { first, second })
            Assert.StartsWith("{", await StandardWebhooks.VerifyAsync(secret, site.Requests[0]), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Webhooks_are_listed_without_what_signs_and_removed()
    {
        await using var site = new HookSite();
        await using var parts = await StartAsync();
        var (id, secret) = await MakeAsync(parts, site, "video.ready", "video.failed");

        using var listed = await parts.ManageAsync(HttpMethod.Get, "api/webhooks");
        var text = await listed.Content.ReadAsStringAsync();
        var webhook = JsonDocument.Parse(text).RootElement.GetProperty("webhooks").EnumerateArray().Single();
        Assert.Equal((id, site.Url, "a site"), (Text("id"), Text("url"), Text("label")));
        Assert.Equal(["video.ready", "video.failed"], webhook.GetProperty("events").EnumerateArray().Select(one => one.GetString()));
        Assert.DoesNotContain(secret[6..], text, StringComparison.Ordinal);

        using var removed = await parts.ManageAsync(HttpMethod.Delete, $"api/webhooks/{id}");
        using var again = await parts.ManageAsync(HttpMethod.Delete, $"api/webhooks/{id}");
        using var tested = await parts.ManageAsync(HttpMethod.Post, $"api/webhooks/{id}/tests");
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (removed.StatusCode, again.StatusCode));
        Assert.Equal(HttpStatusCode.NotFound, tested.StatusCode);

        string? Text(string name) => webhook.GetProperty(name).GetString();
    }

    [Fact(Timeout = 60_000)]
    public async Task A_webhook_gets_another_address_other_events_and_label_and_keeps_its_secret()
    {
        await using var site = new HookSite();
        await using var elsewhere = new HookSite();
        await using var parts = await StartAsync();
        var (id, secret) = await MakeAsync(parts, site);

        using var changed = await parts.ManageAsync(
            HttpMethod.Patch,
            $"api/webhooks/{id}",
            new
            {
                url = elsewhere.Url,
                events = new[] { "video.ready" },
                label = "moved",
            }
        );
        using var tested = await parts.ManageAsync(HttpMethod.Post, $"api/webhooks/{id}/tests");

        var webhook = await WebParts.JsonAsync(changed);
        Assert.Equal((elsewhere.Url, "moved"), (webhook.GetProperty("url").GetString(), webhook.GetProperty("label").GetString()));
        Assert.Equal("video.ready", webhook.GetProperty("events").EnumerateArray().Single().GetString());
        Assert.Equal("delivered", (await WebParts.JsonAsync(tested)).GetProperty("state").GetString());
        Assert.Empty(site.Requests);
        Assert.StartsWith("{", await StandardWebhooks.VerifyAsync(secret, Assert.Single(elsewhere.Requests)), StringComparison.Ordinal);
        using var inside = await parts.ManageAsync(HttpMethod.Patch, $"api/webhooks/{id}", """{"url":"ftp://example.org"}""");
        using var nothing = await parts.ManageAsync(HttpMethod.Patch, "api/webhooks/0123456789abcdef", """{"enabled":true}""");
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.NotFound), (inside.StatusCode, nothing.StatusCode));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_a_person_turned_off_only_a_person_turns_on_and_what_said_that_it_is_gone_another_address_too()
    {
        await using var site = new HookSite();
        await using var parts = await StartAsync();
        var (id, _) = await MakeAsync(parts, site);

        Assert.False(await EnabledAsync("""{"enabled":false}"""));
        using var tested = await parts.ManageAsync(HttpMethod.Post, $"api/webhooks/{id}/tests");
        Assert.False(await EnabledAsync("""{"label":"still off"}"""));
        Assert.True(await EnabledAsync("""{"enabled":true}"""));

        site.Status = 410;
        using var gone = await parts.ManageAsync(HttpMethod.Post, $"api/webhooks/{id}/tests");
        Assert.False(await EnabledAsync("""{"label":"gone"}"""));
        Assert.True(await EnabledAsync($$"""{"url":"{{site.Url}}moved"}"""));

        async Task<bool> EnabledAsync(string change)
        {
            using var changed = await parts.ManageAsync(HttpMethod.Patch, $"api/webhooks/{id}", change);
            return (await WebParts.JsonAsync(changed)).GetProperty("enabled").GetBoolean();
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_message_is_in_the_log_and_sent_again_as_it_was()
    {
        await using var site = new HookSite { Status = 500 };
        await using var parts = await StartAsync();
        var (id, _) = await MakeAsync(parts, site);
        using var tested = await parts.ManageAsync(HttpMethod.Post, $"api/webhooks/{id}/tests");
        var message = (await WebParts.JsonAsync(tested)).GetProperty("id").GetString();
        site.Status = 200;

        using var again = await parts.ManageAsync(HttpMethod.Post, $"api/webhooks/{id}/deliveries/{message}/tries");
        using var log = await parts.ManageAsync(HttpMethod.Get, $"api/webhooks/{id}/deliveries");
        using var nothing = await parts.ManageAsync(HttpMethod.Post, $"api/webhooks/{id}/deliveries/nothing/tries");

        Assert.Equal("delivered", (await WebParts.JsonAsync(again)).GetProperty("state").GetString());
        var delivery = (await WebParts.JsonAsync(log)).GetProperty("deliveries").EnumerateArray().Single();
        Assert.Equal((message, 2), (delivery.GetProperty("id").GetString(), delivery.GetProperty("tries").GetInt32()));
        Assert.Equal(site.Requests[0].Body, site.Requests[1].Body);
        Assert.Equal(message, site.Requests[1].Message);
        Assert.Equal(HttpStatusCode.NotFound, nothing.StatusCode);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("""{}""", "url")]
    [InlineData("""{"url":"example.org"}""", "url")]
    [InlineData("""{"url":"ftp://example.org/"}""", "url")]
    [InlineData("""{"url":"http://example.org/"}""", "url")]
    [InlineData("""{"url":"https://user:pass@example.org/"}""", "url")]
    [InlineData("""{"url":"https://example.org/#a"}""", "url")]
    [InlineData("""{"url":"https://localhost/"}""", "url")]
    [InlineData("""{"url":"https://127.1/"}""", "url")]
    [InlineData("""{"url":"https://0x7f000001/"}""", "url")]
    [InlineData("""{"url":"https://10.1.2.3/"}""", "url")]
    [InlineData("""{"url":"https://169.254.169.254/latest"}""", "url")]
    [InlineData("""{"url":"https://[::1]/"}""", "url")]
    [InlineData("""{"url":"https://[::ffff:127.0.0.1]/"}""", "url")]
    [InlineData("""{"url":"https://[fd00::1]/"}""", "url")]
    [InlineData("""{"url":"https://8.8.8.8/","events":["video.watched"]}""", "events")]
    [InlineData("""{"url":"https://8.8.8.8/","label":"a\nb"}""", "label")]
    [InlineData("""{"url":"https://8.8.8.8/","secret":"mine"}""", "secret")]
    public async Task What_cannot_be_a_webhook_is_refused_with_the_field_that_is_at_fault(string body, string field)
    {
        await using var parts = await WebParts.StartAsync();

        using var answer = await parts.ManageAsync(HttpMethod.Post, "api/webhooks", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.True((await WebParts.JsonAsync(answer)).GetProperty("errors").TryGetProperty(field, out _));
    }

    [Fact(Timeout = 60_000)]
    public async Task There_are_twenty_at_most()
    {
        await using var parts = await WebParts.StartAsync();
        for (var i = 0; i < 20; i++)
        {
            using var made = await parts.ManageAsync(HttpMethod.Post, "api/webhooks", new { url = "https://8.8.8.8/" });
            Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        }

        using var more = await parts.ManageAsync(HttpMethod.Post, "api/webhooks", new { url = "https://8.8.8.8/" });

        Assert.Equal(HttpStatusCode.Conflict, more.StatusCode);
    }

    static Task<WebParts> StartAsync() =>
        WebParts.StartAsync(change: settings => settings with { Webhooks = new WebhookSettings { AllowPrivateAddresses = true } });

    static async Task<(string Id, string Secret)> MakeAsync(WebParts parts, HookSite site, params string[] events)
    {
        using var made = await parts.ManageAsync(
            HttpMethod.Post,
            "api/webhooks",
            new
            {
                url = site.Url,
                events,
                label = "a site",
            }
        );
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var answer = await WebParts.JsonAsync(made);
        return (answer.GetProperty("webhook").GetProperty("id").GetString()!, answer.GetProperty("secret").GetString()!);
    }

    static HookRequest With(HookRequest request, string header, string value) =>
        request with
        {
            Headers = new Dictionary<string, string>(request.Headers) { [header] = value },
        };
}
