using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Time.Testing;
using TgVault.Web.Health;
using TgVault.Web.Http;

namespace TgVault.Web.Tests;

public sealed class RouteTests
{
    [Fact(Timeout = 30000)]
    public async Task Managing_needs_the_key_and_nothing_but_the_key()
    {
        await using var parts = await WebParts.StartAsync();
        foreach (var route in VaultRoutes.All.Where(route => route.Access is Access.ApiKey or Access.LinkOrApiKey))
        {
            var path = route.Pattern.Replace("{id}", parts.Video.Row.Id.ToString(), StringComparison.Ordinal);
            foreach (
                var headers in new (string, string)[][]
                {
                    [],
                    [("X-Api-Key", "wrong")],
                    [("X-Api-Key", WebParts.ApiKey + "x")],
                    [("Authorization", "Basic " + WebParts.ApiKey)],
                    [("Authorization", "Bearer ")],
                }
            )
            {
                using var refused = await parts.SendAsync(new HttpMethod(route.Methods[0]), path, null, headers);
                Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
                Assert.Equal("Bearer", refused.Headers.WwwAuthenticate.ToString());
                Assert.DoesNotContain(WebParts.ApiKey, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            }
        }

        using var byHeader = await parts.GetAsync("api/videos", ("X-Api-Key", WebParts.ApiKey));
        using var byBearer = await parts.GetAsync("api/videos", ("Authorization", "bearer " + WebParts.ApiKey));
        Assert.Equal(HttpStatusCode.OK, byHeader.StatusCode);
        Assert.Equal(HttpStatusCode.OK, byBearer.StatusCode);
    }

    [Fact(Timeout = 30000)]
    public async Task Whether_it_is_well_is_looked_up_once_in_a_while_however_many_ask()
    {
        var time = new FakeTimeProvider();
        await using var parts = await WebParts.StartAsync(time: time);

        for (var i = 0; i < 20; i++)
            Assert.Equal(HttpStatusCode.OK, (await parts.GetAsync("api/health")).StatusCode);
        Assert.Equal(1, parts.Rows.RowsRead);
        time.Advance(HealthRoutes.Believed);
        Assert.Equal(HttpStatusCode.OK, (await parts.GetAsync("api/health")).StatusCode);

        Assert.Equal(2, parts.Rows.RowsRead);
    }

    [Theory(Timeout = 30000)]
    [InlineData("GET", "nothing/here", HttpStatusCode.NotFound)]
    [InlineData("GET", "api/videos/not-an-id", HttpStatusCode.NotFound)]
    [InlineData("GET", "api/videos/00000000000000000000000000", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "api/videos/00000000000000000000000000", HttpStatusCode.NotFound)]
    [InlineData("POST", "api/videos/00000000000000000000000000/retry", HttpStatusCode.NotFound)]
    [InlineData("POST", "api/videos/00000000000000000000000000/links", HttpStatusCode.NotFound)]
    [InlineData("GET", "api/videos/00000000000000000000000000/events", HttpStatusCode.NotFound)]
    [InlineData("GET", "api/stream?file_id=00000000000000000000000000", HttpStatusCode.NotFound)]
    [InlineData("PUT", "api/videos", HttpStatusCode.MethodNotAllowed)]
    public async Task What_is_not_there_is_a_problem_in_plain_words(string method, string path, HttpStatusCode expected)
    {
        await using var parts = await WebParts.StartAsync();

        using var response = await parts.ManageAsync(new HttpMethod(method), path);

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(new MediaTypeHeaderValue("application/problem+json"), response.Content.Headers.ContentType);
        var problem = await WebParts.JsonAsync(response);
        Assert.Equal((int)expected, problem.GetProperty("status").GetInt32());
        Assert.Equal("about:blank", problem.GetProperty("type").GetString());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.EndsWith(".", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 30000)]
    public async Task A_row_that_does_not_open_is_a_problem_without_a_trace()
    {
        await using var parts = await WebParts.StartAsync();
        await Core.Library.LibraryChanges.ChangeAsync(
            parts.Rows,
            parts.Video.Row.Id,
            video => video with { Files = video.Files with { Key = null } },
            CancellationToken.None
        );

        using var response = await parts.GetAsync(parts.StreamPath);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30000)]
    public async Task Anyone_may_ask_whether_it_runs_and_what_it_is()
    {
        await using var parts = await WebParts.StartAsync();

        using var health = await parts.GetAsync("api/health");
        using var home = await parts.GetAsync("");

        Assert.Equal("ok", (await WebParts.JsonAsync(health)).GetProperty("status").GetString());
        Assert.Contains("TgVault", await home.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
