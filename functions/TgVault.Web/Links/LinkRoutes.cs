using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using TgVault.Core;
using TgVault.Core.Engine;
using TgVault.Core.Library;
using TgVault.Core.Links;
using TgVault.Core.Playback.Open;
using TgVault.Core.Requests;
using TgVault.Core.Settings;
using TgVault.Core.Videos;
using TgVault.Web.Http;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Links;

/// <summary>Mints links, which are permission to play one video for a while; lists and revokes them.</summary>
internal sealed class LinkRoutes(
    ILibrary library,
    VideoLinks links,
    LinkRegister register,
    LinkKeyRing linkKeys,
    OwnLinkKey own,
    LinkViews views,
    OpenVideos videos,
    VaultSettings settings,
    IIngestScheduler scheduler,
    RequestKeys requests,
    TimeProvider time,
    ILogger<LinkRoutes> log
)
{
    public const int DefaultLimit = 50;

    static readonly ImmutableArray<LinkKind> AllKinds = [.. Enum.GetValues<LinkKind>()];

    public async Task<IResult> LinkVideo(HttpContext context)
    {
        if (IdOf(context) is not { } id)
            return Problem.NoSuchVideo;
        var (body, problem) = await JsonBody.ReadAsync<NewLink>(context);
        if (body is null)
            return problem!;
        var (key, badKey) = IdempotencyKey.Of(context.Request);
        if (badKey is not null)
            return badKey;
        var lifetime = body.Number("ttl", 1, settings.Links.MaxLifetimeMinutes * 60L);
        var origins = Origins(body);
        var kinds = Kinds(body);
        var label = body.Text("label", NewLink.MaxLabel) ?? "";
        if (JsonBody.HasControl(label))
            body.Refuse("label", "must be one line");
        if (body.Problem is { } wrong)
            return wrong;
        if (await library.FindAsync(id, context.RequestAborted) is not { Life.Status: not VideoStatus.Deleting } video)
            return Problem.NoSuchVideo;
        if (video.Life.Status == VideoStatus.Trashed)
            return Problem.InTrash;

        await own.RefreshNowAsync(context.RequestAborted);
        MintedLink minted;
        try
        {
            minted = links.Mint(
                new LinkRequest(id, lifetime is { } seconds ? TimeSpan.FromSeconds(seconds) : null, origins, kinds)
                {
                    Epoch = video.LinkEpoch,
                    Label = label,
                }
            );
        }
        catch (ArgumentException exception)
        {
            return new Problem(StatusCodes.Status400BadRequest, exception.Message);
        }

        RequestClaim? claim = null;
        if (key is not null)
        {
            (claim, var answer) = await IdempotencyKey.ClaimAsync(
                requests,
                $"link/{id}",
                key,
                body.Content,
                minted.Link.Id,
                async made =>
                    await register.FindAsync(made, context.RequestAborted) is { } known
                        ? VaultJson.Answer(views.Of(context.Request, known, video), StatusCodes.Status201Created)
                        : null,
                context.RequestAborted
            );
            if (answer is not null)
                return answer;
        }

        await register.AddAsync(minted.Link, context.RequestAborted);
        if (claim is not null)
            await requests.MadeAsync(claim, CancellationToken.None);
        return VaultJson.Answer(views.Of(context.Request, minted.Link, video), StatusCodes.Status201Created);
    }

    public async Task<IResult> ListLinksOfVideo(HttpContext context) =>
        IdOf(context) is { } id && await library.FindAsync(id, context.RequestAborted) is { } video
            ? await ListAsync(context, video)
            : Problem.NoSuchVideo;

    public Task<IResult> ListLinks(HttpContext context) => ListAsync(context, null);

    public async Task<IResult> RevokeLink(HttpContext context)
    {
        // Routing leaves a slash as it was sent.
        var text = (context.GetRouteValue("linkId") as string ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        // Whoever has nothing but the link itself may give that. No id of the vault's own has a dot.
        var id = text.Contains('.', StringComparison.Ordinal) ? await links.FindIdAsync(text) ?? text : text;
        DateTimeOffset at;
        KnownLink? link;
        try
        {
            (at, link) = await register.RevokeAsync(id, context.RequestAborted);
        }
        catch (ArgumentException)
        {
            return new Problem(StatusCodes.Status400BadRequest, "This is no id of a link.");
        }

        log.LinkRevoked();
        return VaultJson.Answer(new RevokedLinkView(id, at, link?.Video));
    }

    public async Task<IResult> RevokeAllLinks(HttpContext context)
    {
        await own.RefreshNowAsync(context.RequestAborted);
        var good = await register.CountGoodAsync(links, context.RequestAborted);
        // The key first: a site's backend that asks for a new link key meanwhile keeps it, at worst it is told to ask again.
        await own.ReplaceAsync(context.RequestAborted);
        var revoked = await linkKeys.RevokeAllAsync(context.RequestAborted);
        log.AllLinksRevoked(good, revoked);
        return VaultJson.Answer(new AllLinksRevokedView(good, revoked));
    }

    public async Task<IResult> RevokeLinksOfVideo(HttpContext context)
    {
        if (IdOf(context) is not { } id)
            return Problem.NoSuchVideo;
        var video = await library.ChangeAsync(
            id,
            current =>
                current.Life.Status == VideoStatus.Deleting
                    ? null
                    : current with
                    {
                        LinkEpoch = current.LinkEpoch + 1,
                        // A vault recovered from the channel must not let them in again.
                        Manifests = current.Manifests.Outdated(),
                        Updated = time.GetUtcNow(),
                    },
            context.RequestAborted
        );
        if (video is not { Life.Status: not VideoStatus.Deleting })
            return Problem.NoSuchVideo;
        log.LinksRevoked(id);
        // What plays here knows it at once.
        await videos.FindNowAsync(id, context.RequestAborted);
        if (video.NeedsAmending)
            await scheduler.AmendAsync(id, context.RequestAborted);
        return VaultJson.Answer(new RevokedLinksView(id, video.LinkEpoch));
    }

    async Task<IResult> ListAsync(HttpContext context, Video? video)
    {
        var query = context.Request.Query;
        var limit = DefaultLimit;
        if (
            query.ContainsKey("limit")
            && (
                !int.TryParse(query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out limit)
                || limit is < 1 or > LinkRegister.MaxPage
            )
        )
            return new Problem(StatusCodes.Status400BadRequest, $"limit must be a whole number from 1 to {LinkRegister.MaxPage}.");
        try
        {
            var continuation = query["continuation"].ToString() is { Length: > 0 } text ? text : null;
            await own.RefreshAsync(context.RequestAborted);
            var page = await register.ListAsync(video?.Id, limit, continuation, context.RequestAborted);
            var videos = await FindAsync(page.Links, video, context.RequestAborted);
            return VaultJson.Answer(
                new LinkPageView(
                    [.. page.Links.Select(link => views.Of(context.Request, link, videos[link.Video]))],
                    page.Continuation,
                    video?.LinkEpoch
                )
            );
        }
        catch (FormatException)
        {
            return new Problem(StatusCodes.Status400BadRequest, "continuation is not one that this list gave.");
        }
    }

    // Each video once, however many links it has on the page.
    async Task<Dictionary<VideoId, Video?>> FindAsync(IReadOnlyList<KnownLink> page, Video? known, CancellationToken cancellationToken)
    {
        if (known is not null)
            return new Dictionary<VideoId, Video?> { [known.Id] = known };
        var ids = page.Select(link => link.Video).Distinct().ToArray();
        var rows = await Task.WhenAll(ids.Select(id => library.FindAsync(id, cancellationToken)));
        return ids.Zip(rows).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    static VideoId? IdOf(HttpContext context) => VideoId.TryParse(context.GetRouteValue("id") as string);

    static ImmutableArray<LinkKind> Kinds(JsonBody body)
    {
        var kinds = ImmutableArray.CreateBuilder<LinkKind>();
        foreach (var text in body.Texts("kinds", AllKinds.Length, 16) ?? [])
        {
            // By name only: the framework's parser would take numbers too.
            if (
                Array.FindIndex([.. AllKinds], kind => kind.ToString().Equals(text, StringComparison.OrdinalIgnoreCase))
                is >= 0
                    and var found
            )
                kinds.Add(AllKinds[found]);
            else
                body.Refuse("kinds", "must be some of mp4, hls, dash, embed, pictures");
        }

        return kinds.ToImmutable();
    }

    static ImmutableArray<string> Origins(JsonBody body)
    {
        var origins = ImmutableArray.CreateBuilder<string>();
        foreach (var text in body.Texts("origins", NewLink.MaxOrigins, 255) ?? [])
        {
            if (
                Uri.TryCreate(text, UriKind.Absolute, out var uri)
                && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
                && uri is { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" }
            )
                origins.Add(uri.GetLeftPart(UriPartial.Authority));
            else
                body.Refuse("origins", "must hold sites such as https://example.org, without a path");
        }

        return origins.ToImmutable();
    }
}
