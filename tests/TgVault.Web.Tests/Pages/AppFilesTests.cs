using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;

namespace TgVault.Web.Tests.Pages;

/// <summary>The web app's page and files, as they were built into the assembly.</summary>
public sealed partial class AppFilesTests : IAsyncLifetime
{
    WebParts _parts = null!;

    public async Task InitializeAsync() => _parts = await WebParts.StartAsync(publicUrl: "https://films.example/vault");

    public async Task DisposeAsync() => await _parts.DisposeAsync();

    [Theory(Timeout = 30000)]
    [InlineData("")]
    [InlineData("signin")]
    [InlineData("settings")]
    [InlineData("videos/7zzzzzzzzz0000000000000000")]
    public async Task Every_address_of_the_app_is_its_page_with_the_path_that_the_vault_is_reached_under(string path)
    {
        using var answer = await _parts.GetAsync(path);
        var page = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("<base href=\"/vault/\" />", page, StringComparison.Ordinal);
        Assert.Contains("<vault-app>", page, StringComparison.Ordinal);
        Assert.Equal("no-cache", answer.Headers.CacheControl?.ToString());
        using var unchanged = await _parts.GetAsync(path, ("If-None-Match", answer.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.EndsWith("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        // The policy takes no inline script, so there may be none.
        Assert.DoesNotMatch(InlineScript(), page);
    }

    [Fact(Timeout = 30000)]
    public async Task The_reference_is_a_page_that_loads_nothing_from_elsewhere()
    {
        using var answer = await _parts.GetAsync("api/reference");
        var page = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("<base href=\"/vault/\" />", page, StringComparison.Ordinal);
        Assert.DoesNotContain("//", page.Replace("<!doctype", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotMatch(InlineScript(), page);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30000)]
    public async Task Its_scripts_are_kept_for_ever_and_come_compressed_where_that_is_taken()
    {
        using var page = await _parts.GetAsync("");
        var script = Script().Match(await page.Content.ReadAsStringAsync()).Groups[1].Value;

        // Asks for nothing by itself, and opens nothing.
        using var client = new HttpClient { BaseAddress = _parts.Client.BaseAddress };
        using var plain = await GetAsync("identity");
        using var brotli = await GetAsync("gzip, br");
        using var gzip = await GetAsync("br;q=0, gzip");

        Assert.Equal("public, max-age=31536000, immutable", plain.Headers.CacheControl?.ToString());
        Assert.Equal("text/javascript", plain.Content.Headers.ContentType?.MediaType);
        Assert.Equal("*", plain.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("Accept-Encoding", plain.Headers.Vary.Single());
        Assert.Empty(plain.Content.Headers.ContentEncoding);
        Assert.Equal("br", brotli.Content.Headers.ContentEncoding.Single());
        Assert.Equal("gzip", gzip.Content.Headers.ContentEncoding.Single());
        await using var opened = new BrotliStream(await brotli.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        Assert.Equal(await plain.Content.ReadAsStringAsync(), await new StreamReader(opened).ReadToEndAsync());
        Assert.Equal(3, new[] { plain, brotli, gzip }.Select(answer => answer.Headers.ETag?.Tag).Distinct().Count());

        Task<HttpResponseMessage> GetAsync(string codings)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, script);
            request.Headers.TryAddWithoutValidation("Accept-Encoding", codings);
            return client.SendAsync(request);
        }
    }

    [Theory(Timeout = 30000)]
    [InlineData("assets/none.js")]
    [InlineData("assets/index.html")]
    [InlineData("app/none.svg")]
    [InlineData("app/index.html")]
    public async Task What_the_app_does_not_have_is_not_there(string path)
    {
        using var answer = await _parts.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [GeneratedRegex("<script(?![^>]*\\bsrc=)")]
    private static partial Regex InlineScript();

    [GeneratedRegex("<script type=\"module\" crossorigin src=\"./(assets/[^\"]+)\"")]
    private static partial Regex Script();
}
