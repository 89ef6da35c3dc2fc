using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Settings;
using TgVault.Core.Webhooks;
using TgVault.Testing;

namespace TgVault.Core.Tests.Webhooks;

/// <summary>Where messages may go, and what of an answer counts.</summary>
public sealed class WebhookClientTests
{
    static readonly byte[] Payload = Encoding.UTF8.GetBytes("{}");

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("1.1.1.1", true)]
    [InlineData("172.15.255.255", true)]
    [InlineData("172.32.0.0", true)]
    [InlineData("223.255.255.255", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.255.255.254", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("168.63.129.16", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.168.1.5", false)]
    [InlineData("198.19.0.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("::127.0.0.1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("64:ff9b::808:808", true)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("2002:a9fe:a9fe::1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("2001::1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("fd12:3456::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("ff02::1", false)]
    public void An_address_is_anybodys_or_not(string address, bool isPublic) =>
        Assert.Equal(isPublic, PublicAddresses.Has(IPAddress.Parse(address)));

    [Theory(Timeout = 30_000)]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task A_name_or_address_of_this_machine_is_not_connected_to(string host)
    {
        await using var site = new HookSite();
        using var client = new WebhookClient(new WebhookSettings(), TimeProvider.System);

        var answer = await PostAsync(client, $"http://{host}:{site.Port}/");

        Assert.Null(answer.Status);
        Assert.StartsWith($"{host} is in a private network, or on this machine; ", answer.Problem, StringComparison.Ordinal);
        Assert.Empty(site.Requests);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_redirect_is_not_followed()
    {
        await using var other = new HookSite();
        await using var site = new HookSite { Status = 307, Answers = { ["Location"] = other.Url } };
        using var client = new WebhookClient(new WebhookSettings { AllowPrivateAddresses = true }, TimeProvider.System);

        var answer = await PostAsync(client, site.Url);

        Assert.Equal((307, "It answered with a redirect, which is not followed."), (answer.Status, answer.Problem));
        Assert.Empty(other.Requests);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_site_that_does_not_answer_is_left_after_twenty_seconds()
    {
        var time = new FakeTimeProvider();
        var holding = new TaskCompletionSource();
        await using var site = new HookSite { Holding = holding.Task };
        using var client = new WebhookClient(new WebhookSettings { AllowPrivateAddresses = true }, time);
        var arrived = site.Arrived.UntilAsync(() => site.Requests.Count > 0);

        var posting = PostAsync(client, site.Url);
        await arrived;
        time.Advance(WebhookClient.LongestTry);

        var answer = await posting;
        holding.SetResult();
        Assert.Equal((null, "It did not answer within 20 seconds."), (answer.Status, answer.Problem));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_goes_wrong_is_told_without_the_address()
    {
        using var client = new WebhookClient(new WebhookSettings { AllowPrivateAddresses = true }, TimeProvider.System);

        var refused = await PostAsync(client, $"http://127.0.0.1:{Free.Port()}/a?token=secret");
        await using var site = new HookSite();
        var notTls = await PostAsync(client, $"https://127.0.0.1:{site.Port}/a?token=secret");

        Assert.Equal("Nobody listens there: 127.0.0.1 refused the connection.", refused.Problem);
        Assert.NotNull(notTls.Problem);
        Assert.DoesNotContain("secret", notTls.Problem, StringComparison.Ordinal);
    }

    static Task<WebhookAnswer> PostAsync(WebhookClient client, string url) =>
        client.PostAsync(new Uri(url), "message", 1, "v1,x", Payload, CancellationToken.None);
}
