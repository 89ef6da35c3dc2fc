using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using TgVault.Core.Settings;
using TgVault.Web.Reach;

namespace TgVault.Web.Tests.Reach;

/// <summary>Which hosts a vault answers for, whose word on them it takes, and what its links begin with.</summary>
public sealed class ReachTests
{
    static readonly Uri Lan = new("http://192.168.1.5:7071/");

    [Theory(Timeout = 30_000)]
    [InlineData("localhost")]
    [InlineData("LOCALHOST.:7071")]
    [InlineData("127.0.0.1:1")]
    [InlineData("127.1.2.3")]
    [InlineData("[::1]:7071")]
    [InlineData("video.example.org:8443")]
    [InlineData("named.example")]
    [InlineData("a.b.wild.example")]
    [InlineData("10.9.8.7")]
    [InlineData("machine.local")]
    public async Task A_request_for_a_host_of_the_vault_is_answered(string host)
    {
        await using var parts = await StartAsync();

        using var answer = await parts.GetAsync("api/health", ("Host", host));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("wild.example")]
    [InlineData("notwild.example")]
    [InlineData("192.168.1.5")]
    [InlineData("[fe80::1]")]
    [InlineData("10.9.8.7.evil.example")]
    public async Task A_request_for_another_host_is_refused_whatever_it_asks_for(string host)
    {
        await using var parts = await StartAsync();

        foreach (var path in new[] { "api/health", "", parts.StreamPath, "nothing/here", "api/videos" })
        {
            using var answer = await parts.GetAsync(path, ("Host", host), ("X-Api-Key", WebParts.ApiKey));

            Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
            var detail = (await WebParts.JsonAsync(answer)).GetProperty("detail").GetString();
            Assert.Contains("TgVault__AllowedHosts__0", detail, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task What_anybody_says_in_the_name_of_a_proxy_is_not_heard()
    {
        await using var parts = await StartAsync();

        var url = await LinkAsync(parts, ("X-Forwarded-Host", "video.example.org"), ("X-Forwarded-Proto", "https"));

        Assert.StartsWith($"{parts.Host.Address}v/", url, StringComparison.Ordinal);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.0/8")]
    public async Task What_a_trusted_proxy_says_is_what_links_begin_with(string proxy)
    {
        await using var parts = await StartAsync(settings => settings with { TrustedProxies = ["192.0.2.1", proxy] });

        var url = await LinkAsync(parts, ("X-Forwarded-Host", "named.example:8443"), ("X-Forwarded-Proto", "https"));
        using var refused = await parts.GetAsync("api/health", ("X-Forwarded-Host", "evil.example"));

        Assert.StartsWith("https://named.example:8443/v/", url, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, refused.StatusCode);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_proxy_that_is_not_the_trusted_one_is_not_heard()
    {
        await using var parts = await StartAsync(settings => settings with { TrustedProxies = ["192.0.2.1", "10.0.0.0/8"] });

        var url = await LinkAsync(parts, ("X-Forwarded-Host", "named.example"), ("X-Forwarded-Proto", "https"));

        Assert.StartsWith($"{parts.Host.Address}v/", url, StringComparison.Ordinal);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("https://video.example.org", "https://video.example.org/v/")]
    [InlineData("https://video.example.org/films/", "https://video.example.org/films/v/")]
    public async Task The_public_url_is_what_all_links_begin_with(string publicUrl, string expected)
    {
        await using var parts = await StartAsync(settings => settings with { PublicUrl = publicUrl });

        Assert.StartsWith(expected, await LinkAsync(parts, ("Host", "named.example")), StringComparison.Ordinal);
        Assert.StartsWith(expected, await LinkAsync(parts, ("Host", "localhost")), StringComparison.Ordinal);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("localhost:7071", "http://192.168.1.5:7071/v/")]
    [InlineData("[::1]:7071", "http://192.168.1.5:7071/v/")]
    [InlineData("named.example:80", "http://named.example:80/v/")]
    public async Task A_link_asked_for_on_this_machine_leads_here_from_others(string host, string expected)
    {
        await using var parts = await StartAsync(lan: Lan);

        Assert.StartsWith(expected, await LinkAsync(parts, ("Host", host)), StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task Behind_a_platform_any_host_is_answered_until_some_are_named()
    {
        await using var any = await WebParts.StartAsync();
        await using var some = await WebParts.StartAsync(change: settings => settings with { AllowedHosts = ["named.example"] });

        using var anyEvil = await any.GetAsync("api/health", ("Host", "evil.example"));
        using var someEvil = await some.GetAsync("api/health", ("Host", "evil.example"));
        using var someNamed = await some.GetAsync("api/health", ("Host", "named.example"));

        Assert.Equal(HttpStatusCode.OK, anyEvil.StatusCode);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, someEvil.StatusCode);
        Assert.Equal(HttpStatusCode.OK, someNamed.StatusCode);
    }

    static Task<WebParts> StartAsync(Func<VaultSettings, VaultSettings>? change = null, Uri? lan = null)
    {
        ImmutableArray<string> hosts = ["named.example", "*.wild.example", "10.9.8.7", "video.example.org"];
        return WebParts.StartAsync(
            change: settings => change?.Invoke(settings with { AllowedHosts = hosts }) ?? settings with { AllowedHosts = hosts },
            register: services =>
                services
                    .AddSingleton(provider => AllowedHosts.OfMachine(provider.GetRequiredService<VaultSettings>(), ["machine.local"]))
                    .AddSingleton(provider => new VaultUrls(provider.GetRequiredService<VaultSettings>(), lan))
        );
    }

    static async Task<string> LinkAsync(WebParts parts, params (string, string)[] headers)
    {
        using var answer = await parts.SendAsync(
            HttpMethod.Post,
            $"api/videos/{parts.Video.Row.Id}/links",
            null,
            [("X-Api-Key", WebParts.ApiKey), .. headers]
        );
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await WebParts.JsonAsync(answer)).GetProperty("url").GetString()!;
    }
}
