using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TgVault.Core;
using TgVault.Core.Library;
using TgVault.Core.Links;
using TgVault.Core.Settings;
using TgVault.Core.Videos;
using TgVault.Web.Http;
using TgVault.Web.Reach;

namespace TgVault.Web.Links;

/// <summary>Mints links: permission to play one video for a while.</summary>
internal sealed class LinkRoutes(ILibrary library, VideoLinks links, VaultSettings settings, VaultUrls urls)
{
    static readonly ImmutableArray<LinkKind> AllKinds = [.. Enum.GetValues<LinkKind>()];

    public async Task<IResult> LinkVideo(HttpContext context)
    {
        if (VideoId.TryParse(context.GetRouteValue("id") as string) is not { } id)
            return Problem.NoSuchVideo;
        var (body, problem) = await JsonBody.ReadAsync<NewLink>(context);
        if (body is null)
            return problem!;
        var lifetime = body.Number("ttl", 1, settings.Links.MaxLifetimeMinutes * 60L);
        var origins = Origins(body);
        var kinds = Kinds(body);
        if (body.Problem is { } wrong)
            return wrong;
        if (await library.FindAsync(id, context.RequestAborted) is not { Life.Status: not VideoStatus.Deleting })
            return Problem.NoSuchVideo;

        MintedLink minted;
        try
        {
            minted = links.Mint(new LinkRequest(id, lifetime is { } seconds ? TimeSpan.FromSeconds(seconds) : null, origins, kinds));
        }
        catch (ArgumentException exception)
        {
            return new Problem(StatusCodes.Status400BadRequest, exception.Message);
        }

        return VaultJson.Answer(
            new LinkView(
                UrlOf(context.Request, kinds, minted.Token),
                minted.Token,
                id,
                minted.Expires,
                origins,
                kinds.IsEmpty ? AllKinds : kinds
            ),
            StatusCodes.Status201Created
        );
    }

    string UrlOf(HttpRequest request, ImmutableArray<LinkKind> kinds, string token)
    {
        var kind = kinds.IsEmpty || kinds.Contains(LinkKind.Mp4) ? LinkKind.Mp4 : kinds[0];
        return urls.BaseForOthers(request)
            + kind switch
            {
                LinkKind.Hls => $"/v/{token}/hls/master.m3u8",
                LinkKind.Dash => $"/v/{token}/dash/manifest.mpd",
                LinkKind.Embed => $"/embed/{token}",
                LinkKind.Pictures => $"/v/{token}/poster.jpg",
                _ => $"/v/{token}/video.mp4",
            };
    }

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
