using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TgVault.Core;
using TgVault.Core.Library;
using TgVault.Core.Links;
using TgVault.Core.Videos;
using TgVault.Web.Http;
using TgVault.Web.Http.Problems;
using TgVault.Web.Reach;

namespace TgVault.Web.Pages;

/// <summary>The page with the player that other sites embed, and the player's own questions.</summary>
internal sealed class EmbedRoutes(
    ILibrary library,
    LinkChecks links,
    OwnLinkKey own,
    Playables playables,
    EarlyStart early,
    AppFiles files,
    VaultUrls urls
)
{
    // Looked at again by the page itself, for whoever waits in front of it.
    const int RefreshSeconds = 15;

    /// <summary>A page in any case: what is wrong is said where the player would be.</summary>
    public async Task<IResult> ShowEmbed(HttpContext context)
    {
        if (files.Embed is not { } template)
            return WordsPage.Answer("This vault was built without its player.", StatusCodes.Status501NotImplemented);
        var token = context.GetRouteValue("link") as string;
        var (status, link) = await links.CheckAsync(token, context.RequestAborted);
        if (link is null)
        {
            var (code, words) = LinkChecks.Refusal(status);
            return WordsPage.Answer(words, code);
        }

        if (!link.Allows(LinkKind.Embed))
            return WordsPage.Answer("This link does not permit an embedded player.", StatusCodes.Status403Forbidden);
        if (OtherSiteOf(context.Request, link.Origins) is { } site)
            return WordsPage.Answer($"This video may not be shown on {site}.", StatusCodes.Status403Forbidden);
        var video = await library.FindAsync(link.Video, context.RequestAborted);
        if (Playables.WhyNot(video) is { } why)
        {
            var isUnderWay = video?.Life.Status is VideoStatus.Waiting or VideoStatus.Ingesting;
            var missing = video is null or { Life.Status: VideoStatus.Deleting or VideoStatus.Trashed };
            return WordsPage.Answer(
                why,
                missing ? StatusCodes.Status404NotFound : StatusCodes.Status409Conflict,
                isUnderWay ? RefreshSeconds : 0
            );
        }

        var page = new EmbedPage(playables.Of(video!, link), urls.BaseForOthers(context.Request), token!, context.Request.QueryString);
        var parameters = EmbedParameters.Read(context.Request.Query);
        if (page.LoadsFileEarly && parameters.Preload != "none" && EarlyStart.IsBrowser(context.Request))
            early.Begin(video!, link);
        var html = page.Write(template, PageRoutes.PathOf(urls.BaseFor(context.Request)), parameters);
        return new PageResult(html, PagePolicies.Embed(link.Origins, parameters.Poster)) { IsKept = false };
    }

    /// <summary>What the web app's own player is given.</summary>
    public async Task<IResult> PlayVideo(HttpContext context)
    {
        if (
            VideoId.TryParse(context.GetRouteValue("id") as string) is not { } id
            || await library.FindAsync(id, context.RequestAborted) is not { } video
        )
            return Problem.NoSuchVideo;
        await own.RefreshAsync(context.RequestAborted);
        return Playables.Refuse(video) is { } why ? why : VaultJson.Answer(playables.Of(video));
    }

    /// <summary>The same for the player on that page, once its addresses have ended.</summary>
    public async Task<IResult> RenewEmbed(HttpContext context)
    {
        var link = context.Features.Get<VideoLink>() ?? throw new InvalidOperationException("bug: no link was checked");
        Cors.Allow(context, link.Origins);
        if (!link.Allows(LinkKind.Embed))
            return new Problem(StatusCodes.Status403Forbidden, "This link does not permit an embedded player.");
        var video = await library.FindAsync(link.Video, context.RequestAborted);
        return Playables.Refuse(video) is { } why ? why : VaultJson.Answer(playables.Of(video!, link));
    }

    /// <summary>
    /// The site that frames the page, if it says so and the link does not name it. The policy of the page keeps out those that do not say
    /// it, but by an error page of the browser's.
    /// </summary>
    static string? OtherSiteOf(HttpRequest request, ImmutableArray<string>? origins)
    {
        if (
            origins is not { } named
            || request.Headers["Sec-Fetch-Dest"].ToString() is "document"
            || !Uri.TryCreate(request.Headers.Referer.ToString(), UriKind.Absolute, out var from)
            || from.Authority.Equals(request.Host.ToUriComponent(), StringComparison.OrdinalIgnoreCase)
        )
            return null;
        return named.Contains(from.GetLeftPart(UriPartial.Authority), StringComparer.OrdinalIgnoreCase) ? null : from.Authority;
    }
}
