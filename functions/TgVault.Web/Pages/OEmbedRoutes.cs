using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using TgVault.Core.Library;
using TgVault.Core.Links;
using TgVault.Web.Http;
using TgVault.Web.Http.Problems;
using TgVault.Web.Reach;
using TgVault.Web.Videos;

namespace TgVault.Web.Pages;

/// <summary>Tells other sites' programs how to show an embed page (https://oembed.com, version 1.0).</summary>
internal sealed class OEmbedRoutes(ILibrary library, LinkChecks links, SiteRule sites, Playables playables, VaultUrls urls)
{
    const string Path = "/embed/";

    // How long may be kept what is said here, at most: as in the examples of the specification.
    static readonly TimeSpan LongestAge = TimeSpan.FromDays(1);

    public async Task<IResult> DescribeEmbed(HttpContext context)
    {
        Cors.Allow(context, origins: null);
        var query = context.Request.Query;
        if (query["format"].ToString() is not ("" or "json"))
            return new Problem(StatusCodes.Status501NotImplemented, "Only format=json is answered.");
        if (!TryRead(query["maxwidth"].ToString(), out var maxWidth) || !TryRead(query["maxheight"].ToString(), out var maxHeight))
            return new Problem(StatusCodes.Status400BadRequest, "maxwidth and maxheight are whole numbers of pixels from 1 on.");
        var root = urls.BaseForOthers(context.Request);
        if (
            !Uri.TryCreate(query["url"].ToString(), UriKind.Absolute, out var url)
            || (!IsBelow(url, root) && !IsBelow(url, urls.BaseFor(context.Request)))
            || url.AbsolutePath.LastIndexOf(Path, StringComparison.Ordinal) is var at && at < 0
        )
            return new Problem(StatusCodes.Status404NotFound, "url is not the address of an embed page of this vault.");
        var token = url.AbsolutePath[(at + Path.Length)..];
        if ((await links.CheckAsync(token, context.RequestAborted)).Link is not { } link || !link.Allows(LinkKind.Embed))
            return new Problem(StatusCodes.Status404NotFound, "The link in url is not valid, or has expired.");
        if (!sites.Allows(context.Request, link.Origins))
            return SiteRule.Refusal;
        var video = await library.FindAsync(link.Video, context.RequestAborted);
        if (Playables.WhyNot(video) is { } why)
            return new Problem(StatusCodes.Status404NotFound, why);

        var page = new EmbedPage(playables.Of(video!, link), root, token, new QueryString(url.Query));
        var (width, height) = page.SizeWithin(maxWidth, maxHeight);
        var thumbnail = page.PosterWithin(PictureAddresses.SizesOf(video!, ""), maxWidth, maxHeight);
        var age = link.Expires - DateTimeOffset.UtcNow;
        return VaultJson.Answer(
            new OEmbedView(
                "1.0",
                "video",
                Playables.TitleOf(video!),
                "TgVault",
                root + "/",
                (long)Math.Max(0, Math.Min(age.TotalSeconds, LongestAge.TotalSeconds)),
                page.Frame(width, height),
                width,
                height,
                thumbnail?.Url,
                thumbnail?.Width,
                thumbnail?.Height
            )
        );
    }

    static bool IsBelow(Uri url, string root) => url.AbsoluteUri.StartsWith(root + Path, StringComparison.OrdinalIgnoreCase);

    static bool TryRead(string text, out int? pixels)
    {
        pixels = null;
        if (text.Length == 0)
            return true;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value < 1)
            return false;
        pixels = value;
        return true;
    }
}

/// <summary>An answer of oEmbed, by the names that it has there.</summary>
internal sealed record OEmbedView(
    [AllowedValues("1.0")] string Version,
    [AllowedValues("video")] string Type,
    string Title,
    [property: JsonPropertyName("provider_name")] string ProviderName,
    [property: JsonPropertyName("provider_url")] string ProviderUrl,
    [property: JsonPropertyName("cache_age")] [Description("Seconds.")] long CacheAge,
    [Description("An iframe, with the parameters of the address.")] string Html,
    int Width,
    int Height,
    [property: JsonPropertyName("thumbnail_url")]
    [Description("A poster that fits; absent, like its size, where there is none.")]
        string? ThumbnailUrl,
    [property: JsonPropertyName("thumbnail_width")] int? ThumbnailWidth,
    [property: JsonPropertyName("thumbnail_height")] int? ThumbnailHeight
);
