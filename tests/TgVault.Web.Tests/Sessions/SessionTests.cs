using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace TgVault.Web.Tests.Sessions;

/// <summary>Signing a browser in and out, and what a session is good for.</summary>
public sealed class SessionTests : IAsyncLifetime
{
    static readonly (string, string) Own = ("Sec-Fetch-Site", "same-origin");

    WebParts _parts = null!;

    public async Task InitializeAsync() => _parts = await WebParts.StartAsync();

    public async Task DisposeAsync() => await _parts.DisposeAsync();

    [Fact(Timeout = 30000)]
    public async Task The_API_key_signs_in_by_a_cookie_that_scripts_and_other_sites_do_not_get()
    {
        using var answer = await SignInAsync(new { key = WebParts.ApiKey }, Own);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single();

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(WebParts.ApiKey, cookie, StringComparison.Ordinal);
        using var listed = await _parts.GetAsync("api/videos", Own, ("Cookie", Value(cookie)));
        Assert.Equal(HttpStatusCode.OK, listed.StatusCode);
        Assert.True(await IsSignedInAsync(Value(cookie)));
        Assert.False(await IsSignedInAsync("a=b"));
    }

    [Fact(Timeout = 30000)]
    public async Task A_sign_in_address_signs_in_once()
    {
        using var made = await _parts.ManageAsync(HttpMethod.Post, "api/session/codes");
        var url = new Uri((await WebParts.JsonAsync(made)).GetProperty("url").GetString()!);
        Assert.Equal("/signin", url.AbsolutePath);
        var code = url.Fragment[1..];

        using var first = await SignInAsync(new { code }, Own);
        using var second = await SignInAsync(new { code }, Own);

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, second.StatusCode);
        Assert.False(second.Headers.Contains("Set-Cookie"));
    }

    [Theory(Timeout = 30000)]
    [InlineData("""{"key":"wrong"}""", HttpStatusCode.Unauthorized)]
    [InlineData("""{"code":"wrong"}""", HttpStatusCode.Unauthorized)]
    [InlineData("""{}""", HttpStatusCode.Unauthorized)]
    [InlineData("""{"key":7}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"password":"x"}""", HttpStatusCode.BadRequest)]
    public async Task What_is_no_key_does_not_sign_in(string body, HttpStatusCode expected)
    {
        using var answer = await SignInAsync(JsonDocument.Parse(body).RootElement, Own);

        Assert.Equal(expected, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Theory(Timeout = 30000)]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Site", "none")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    public async Task A_page_of_another_site_can_do_nothing_with_the_session(string name, string value)
    {
        using var signedIn = await SignInAsync(new { key = WebParts.ApiKey }, Own);
        var cookie = ("Cookie", Value(signedIn.Headers.GetValues("Set-Cookie").Single()));
        var id = _parts.Video.Row.Id;

        using var removed = await _parts.SendAsync(HttpMethod.Delete, $"api/videos/{id}", null, cookie, (name, value));
        using var again = await SignInAsync(new { key = WebParts.ApiKey }, (name, value));
        using var left = await _parts.SendAsync(HttpMethod.Delete, "api/session", null, cookie, (name, value));

        Assert.Equal(HttpStatusCode.Forbidden, removed.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, again.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, left.StatusCode);
        Assert.Empty(_parts.Scheduled);
    }

    [Fact(Timeout = 30000)]
    public async Task Where_browsers_say_no_site_the_origin_decides()
    {
        using var signedIn = await SignInAsync(new { key = WebParts.ApiKey }, Own);
        var cookie = ("Cookie", Value(signedIn.Headers.GetValues("Set-Cookie").Single()));
        var own = ("Origin", _parts.Client.BaseAddress!.GetLeftPart(UriPartial.Authority));
        var path = $"api/videos/{_parts.Video.Row.Id}";

        using var unsaid = await _parts.SendAsync(HttpMethod.Delete, path, null, cookie);
        using var read = await _parts.GetAsync(path, cookie);
        using var removed = await _parts.SendAsync(HttpMethod.Delete, path, null, cookie, own);

        Assert.Equal(HttpStatusCode.Forbidden, unsaid.StatusCode);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.Equal(HttpStatusCode.OK, removed.StatusCode);
    }

    [Fact(Timeout = 30000)]
    public async Task Signing_out_takes_the_cookie_away()
    {
        using var signedIn = await SignInAsync(new { key = WebParts.ApiKey }, Own);
        var cookie = signedIn.Headers.GetValues("Set-Cookie").Single();

        using var answer = await _parts.SendAsync(HttpMethod.Delete, "api/session", null, Own, ("Cookie", Value(cookie)));

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        var cleared = answer.Headers.GetValues("Set-Cookie").Single();
        Assert.StartsWith(Value(cookie).Split('=')[0] + "=;", cleared, StringComparison.Ordinal);
        Assert.Contains("1970", cleared, StringComparison.Ordinal);
    }

    Task<HttpResponseMessage> SignInAsync(object body, params (string, string)[] headers) =>
        _parts.SendAsync(HttpMethod.Post, "api/session", JsonContent.Create(body), headers);

    async Task<bool> IsSignedInAsync(string cookie)
    {
        using var answer = await _parts.GetAsync("api/session", Own, ("Cookie", cookie));
        return (await WebParts.JsonAsync(answer)).GetProperty("signedIn").GetBoolean();
    }

    static string Value(string setCookie) => setCookie.Split(';')[0];
}
