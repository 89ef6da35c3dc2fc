using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using TgVault.Core.ApiKeys;
using TgVault.Web.Http;

namespace TgVault.Web.Tests.Keys;

public sealed class KeyTests : IAsyncLifetime
{
    WebParts _parts = null!;

    public async Task InitializeAsync() => _parts = await WebParts.StartAsync();

    public async Task DisposeAsync() => await _parts.DisposeAsync();

    [Theory(Timeout = 30000)]
    [InlineData("read", KeyScope.Read)]
    [InlineData("upload", KeyScope.Upload)]
    [InlineData("all", KeyScope.All)]
    public async Task A_key_does_what_its_scope_says_and_nothing_else(string scope, KeyScope expected)
    {
        var secret = await MakeAsync(scope);

        foreach (var route in VaultRoutes.All.Where(route => route.Access is Access.ApiKey or Access.NamedKey or Access.LinkOrApiKey))
        {
            // Following goes on for ever where it may.
            if (route.Name is "FollowVideo" or "FollowLibrary" && route.Scopes.Contains(expected))
                continue;
            var path = route.Pattern.Replace("{id}", "7zzzzzzzzz0000000000000000", StringComparison.Ordinal);
            using var answer = await _parts.SendAsync(new HttpMethod(route.Methods[0]), path, null, ("X-Api-Key", secret));
            var isRefused = answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized;
            Assert.True(isRefused != route.Scopes.Contains(expected), $"{route.Name} answered {answer.StatusCode} to a key for {scope}");
        }
    }

    [Fact(Timeout = 30000)]
    public async Task Who_sends_keys_that_are_not_good_is_in_the_log_once_and_the_keys_are_not()
    {
        const string wrong = "wrong-key-that-nobody-may-read";
        var basic = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"tv:{wrong}"))}";

        using var first = await _parts.GetAsync("api/videos", ("X-Api-Key", wrong));
        using var second = await _parts.GetAsync("api/vault", ("Authorization", $"Bearer {wrong}"));
        using var third = await _parts.GetAsync("dav/", ("Authorization", basic));
        using var none = await _parts.GetAsync("api/videos");

        Assert.All([first, second, third, none], answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode));
        var lines = _parts.Log.Lines.Select(line => line.Text).ToList();
        Assert.Contains("127.0.0.1 sent", Assert.Single(lines, text => text.Contains("not good", StringComparison.Ordinal)), default);
        Assert.DoesNotContain(lines, text => text.Contains(wrong, StringComparison.Ordinal));
    }

    [Fact(Timeout = 30000)]
    public async Task No_named_key_looks_after_keys()
    {
        var secret = await MakeAsync("all");

        using var listed = await _parts.GetAsync("api/keys", ("Authorization", $"Bearer {secret}"));
        using var made = await _parts.SendAsync(
            HttpMethod.Post,
            "api/keys",
            JsonContent.Create(new { name = "another", scope = "all" }),
            ("X-Api-Key", secret)
        );

        Assert.Equal(HttpStatusCode.Forbidden, listed.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, made.StatusCode);
    }

    [Fact(Timeout = 30000)]
    public async Task Keys_are_listed_without_what_they_say_and_end_when_they_are_revoked()
    {
        var secret = await MakeAsync("read", "the TV");
        using var used = await _parts.GetAsync("api/videos", ("X-Api-Key", secret));
        Assert.Equal(HttpStatusCode.OK, used.StatusCode);

        using var listed = await _parts.ManageAsync(HttpMethod.Get, "api/keys");
        var text = await listed.Content.ReadAsStringAsync();
        var key = JsonDocument.Parse(text).RootElement.GetProperty("keys").EnumerateArray().Single();
        Assert.Equal("the TV", key.GetProperty("name").GetString());
        Assert.Equal("read", key.GetProperty("scope").GetString());
        Assert.True(key.TryGetProperty("lastUsed", out _));
        Assert.DoesNotContain(secret, text, StringComparison.Ordinal);

        using var revoked = await _parts.ManageAsync(HttpMethod.Delete, $"api/keys/{key.GetProperty("id").GetString()}");
        using var again = await _parts.ManageAsync(HttpMethod.Delete, $"api/keys/{key.GetProperty("id").GetString()}");
        using var after = await _parts.GetAsync("api/videos", ("X-Api-Key", secret));
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
    }

    [Theory(Timeout = 30000)]
    [InlineData("""{"scope":"read"}""", "name")]
    [InlineData("""{"name":"","scope":"read"}""", "name")]
    [InlineData("""{"name":"a\nb","scope":"read"}""", "name")]
    [InlineData("""{"name":"a"}""", "scope")]
    [InlineData("""{"name":"a","scope":"1"}""", "scope")]
    [InlineData("""{"name":"a","scope":"root"}""", "scope")]
    public async Task What_is_wrong_with_a_key_is_told(string body, string field)
    {
        using var answer = await _parts.ManageAsync(HttpMethod.Post, "api/keys", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.True((await WebParts.JsonAsync(answer)).GetProperty("errors").TryGetProperty(field, out _));
    }

    [Fact(Timeout = 30000)]
    public async Task A_password_lets_in_to_what_apps_open_and_nowhere_else()
    {
        var secret = await MakeAsync("read");

        Assert.Equal(HttpStatusCode.OK, await StatusAsync("dav", secret));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("api/videos.m3u8", secret));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("api/videos", secret));
        // The vault's own key is not one to type into a TV.
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("dav", WebParts.ApiKey));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("dav", secret[..^1]));

        async Task<HttpStatusCode> StatusAsync(string path, string password)
        {
            using var answer = await _parts.GetAsync(path, ("Authorization", Basic(password)));
            return answer.StatusCode;
        }
    }

    [Theory(Timeout = 30000)]
    [InlineData("Basic")]
    [InlineData("Basic !!!")]
    [InlineData("Basic dHY=")]
    [InlineData("Basic dHY6")]
    public async Task Credentials_that_are_none_are_asked_for_again(string authorization)
    {
        using var answer = await _parts.GetAsync("dav", ("Authorization", authorization));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Basic realm=\"TgVault\", charset=\"UTF-8\"", answer.Headers.WwwAuthenticate.ToString());
    }

    internal static string Basic(string password) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"tv:{password}"));

    async Task<string> MakeAsync(string scope, string name = "a key")
    {
        using var made = await _parts.ManageAsync(HttpMethod.Post, "api/keys", new { name, scope });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        return (await WebParts.JsonAsync(made)).GetProperty("secret").GetString()!;
    }
}
