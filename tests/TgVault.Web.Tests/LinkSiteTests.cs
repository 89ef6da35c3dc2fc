using System.Net;

namespace TgVault.Web.Tests;

/// <summary>A link that names sites is used by their pages, by the vault's own, and by what is no page.</summary>
public sealed class LinkSiteTests
{
    const string Site = "https://a.example";
    const string OtherSite = "https://b.example";
    const string Self = "self";

    public static TheoryData<string, string[], bool> Requests { get; } =
        new()
        {
            { "a script of the site", ["Origin", Site, "Sec-Fetch-Site", "cross-site"], true },
            { "a script of the site, of an old browser", ["Origin", Site], true },
            { "a plain video of the site", ["Sec-Fetch-Site", "cross-site", "Sec-Fetch-Dest", "video", "Referer", Site + "/"], true },
            { "a plain video of the site, of an old browser", ["Referer", Site + "/page?x"], true },
            { "the vault's own page", ["Sec-Fetch-Site", "same-origin", "Referer", Self], true },
            { "the vault's own script", ["Origin", Self, "Sec-Fetch-Site", "same-origin"], true },
            { "the vault's own page, of an old browser", ["Referer", Self], true },
            { "an address that somebody typed", ["Sec-Fetch-Site", "none", "Sec-Fetch-Dest", "document"], true },
            {
                "a link that somebody followed",
                ["Sec-Fetch-Site", "cross-site", "Sec-Fetch-Dest", "document", "Referer", OtherSite + "/"],
                true
            },
            { "a player that is no browser", [], true },
            { "a script of another site", ["Origin", OtherSite, "Sec-Fetch-Site", "cross-site"], false },
            { "a script of another site that names it as referrer", ["Origin", OtherSite, "Referer", Site + "/"], false },
            { "a site whose name begins so", ["Origin", Site + ".evil.example"], false },
            { "the site by http", ["Origin", "http://a.example"], false },
            { "the site at another port", ["Origin", Site + ":8443"], false },
            { "a frame without an origin", ["Origin", "null", "Sec-Fetch-Site", "cross-site"], false },
            { "two origins", ["Origin", Site + ", " + OtherSite], false },
            {
                "a plain video of another site",
                ["Sec-Fetch-Site", "cross-site", "Sec-Fetch-Dest", "video", "Referer", OtherSite + "/"],
                false
            },
            { "a plain video that hides its site", ["Sec-Fetch-Site", "cross-site", "Sec-Fetch-Dest", "video"], false },
            { "a plain video of a neighbour", ["Sec-Fetch-Site", "same-site", "Sec-Fetch-Dest", "video"], false },
            { "a frame of another site", ["Sec-Fetch-Site", "cross-site", "Sec-Fetch-Dest", "iframe"], false },
            { "a plain video of another site, of an old browser", ["Referer", OtherSite + "/"], false },
            { "a referrer that is none", ["Referer", "about:blank"], false },
        };

    [Theory(Timeout = 30000)]
    [MemberData(nameof(Requests))]
    public async Task On_every_route_it_is_held_to_them(string who, string[] headers, bool passes)
    {
        await using var parts = await WebParts.StartAsync();
        var own = parts.Host.Address.GetLeftPart(UriPartial.Authority);
        (string Name, string Value)[] sent =
        [
            .. headers.Chunk(2).Select(pair => (pair[0], pair[1].Replace(Self, own, StringComparison.Ordinal))),
        ];
        var link = parts.LinkTo(origins: [Site]);
        var open = parts.LinkTo();

        foreach (var (limited, any) in LinkTests.PathsBelow(link).Zip(LinkTests.PathsBelow(open)))
        {
            // The page says it in words of its own, and frames are held to it by its policy.
            if (limited.StartsWith("embed/", StringComparison.Ordinal) && !limited.EndsWith("/player", StringComparison.Ordinal))
                continue;
            using var response = await parts.GetAsync(limited, sent);
            using var unlimited = await parts.GetAsync(any, sent);

            Assert.NotEqual((any, HttpStatusCode.Forbidden), (any, unlimited.StatusCode));
            Assert.Equal((who, limited, passes ? unlimited.StatusCode : HttpStatusCode.Forbidden), (who, limited, response.StatusCode));
            if (passes)
                continue;
            Assert.Equal(["*"], response.Headers.GetValues("Access-Control-Allow-Origin"));
            // Whoever sees it as a page gets one.
            var type =
                headers.Contains("iframe") && limited.StartsWith("v/", StringComparison.Ordinal) ? "text/html" : "application/problem+json";
            Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
        }

        using var file = await parts.GetAsync($"api/stream?file_id={parts.Video.Row.Id}&link={link}", sent);
        Assert.Equal(passes ? HttpStatusCode.OK : HttpStatusCode.Forbidden, file.StatusCode);
    }
}
