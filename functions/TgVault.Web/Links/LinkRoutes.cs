using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TgVault.Core;
using TgVault.Core.Catalogue;

namespace TgVault.Web.Links;

/// <summary>Mints links: permission to play one video for a while.</summary>
internal sealed class LinkRoutes(ICatalogue catalogue, ILinkDesk links, VaultSettings settings, TimeProvider time)
{
    const int MaxOrigins = 16;

    public async Task<IResult> LinkVideo(HttpContext context)
    {
        if (VideoId.TryParse(context.GetRouteValue("id") as string) is not { } id) return Problem.NoSuchVideo;
        var (body, problem) = await JsonBody.ReadAsync(context, "ttl", "origins", "kinds");
        if (body is null) return problem!;
        var lifetime = body.Number("ttl", 1, settings.Links.MaxLifetimeMinutes * 60L) ?? settings.Links.DefaultLifetimeMinutes * 60L;
        var origins = Origins(body);
        var kinds = body.Texts("kinds", LinkKinds.All.Length, 16) ?? [];
        if (kinds.Except(LinkKinds.All, StringComparer.Ordinal).Any()) body.Refuse("kinds", $"must be some of {string.Join(", ", LinkKinds.All)}");
        if (body.Problem is { } wrong) return wrong;
        if (await catalogue.FindAsync(id, context.RequestAborted) is not { Status: not VideoStatus.Deleting }) return Problem.NoSuchVideo;

        var permit = new LinkPermit(id, WholeSeconds(time.GetUtcNow().AddSeconds(lifetime)), origins, [.. kinds]);
        var token = links.Mint(permit);
        return VaultJson.Answer(
            new LinkView(UrlOf(context.Request, permit, token), token, id.ToString(), permit.Expires, permit.Origins, permit.Kinds.IsEmpty ? LinkKinds.All : permit.Kinds),
            StatusCodes.Status201Created);
    }

    string UrlOf(HttpRequest request, LinkPermit permit, string token)
    {
        var host = settings.PublicUrl.Length > 0 ? settings.PublicUrl.TrimEnd('/') : $"{request.Scheme}://{request.Host.ToUriComponent()}";
        return host + (permit.Allows(LinkKinds.Mp4) ? "mp4" : permit.Kinds[0]) switch
        {
            "hls" => $"/v/{token}/hls/master.m3u8",
            "dash" => $"/v/{token}/dash/manifest.mpd",
            "embed" => $"/embed/{token}",
            _ => $"/v/{token}/video.mp4",
        };
    }

    static ImmutableArray<string> Origins(JsonBody body)
    {
        var origins = ImmutableArray.CreateBuilder<string>();
        foreach (var text in body.Texts("origins", MaxOrigins, 255) ?? [])
        {
            if (Uri.TryCreate(text, UriKind.Absolute, out var uri)
                && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
                && uri is { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" })
                origins.Add(uri.GetLeftPart(UriPartial.Authority));
            else body.Refuse("origins", "must hold sites such as https://example.org, without a path");
        }

        return origins.ToImmutable();
    }

    // A token counts in seconds; what is shown must be what is signed.
    static DateTimeOffset WholeSeconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}

/// <summary>A minted link. Whoever has <paramref name="Url"/> can play the video until <paramref name="Expires"/>.</summary>
public sealed record LinkView(string Url, string Token, string Video, DateTimeOffset Expires, ImmutableArray<string> Origins, ImmutableArray<string> Kinds);
