using Microsoft.AspNetCore.Http;
using TgVault.Core.Links;
using TgVault.Core.Videos;
using TgVault.Web.Reach;

namespace TgVault.Web.Links;

/// <summary>Shows links: whether they are good, and where they lead.</summary>
internal sealed class LinkViews(VideoLinks links, VaultUrls urls, TimeProvider time)
{
    /// <param name="video">The link's video; null where it is gone.</param>
    public LinkView Of(HttpRequest request, KnownLink link, Video? video)
    {
        var state =
            link.Revoked is not null || (video is not null && video.LinkEpoch != link.Epoch) ? LinkState.Revoked
            : link.Expires <= time.GetUtcNow() ? LinkState.Expired
            : LinkState.Good;
        var token = state == LinkState.Good ? links.Write(link) : null;
        // Its key was replaced, or went with a former master secret.
        if (state == LinkState.Good && token is null)
            state = LinkState.Revoked;
        return new LinkView(
            link.Id,
            link.Video,
            video?.Details.Name,
            state,
            token is null ? null : UrlOf(request, link, token),
            token,
            link.Label,
            link.Created,
            link.Expires,
            link.Revoked,
            link.Origins ?? [],
            link.Kinds
        );
    }

    string UrlOf(HttpRequest request, KnownLink link, string token)
    {
        var kind = link.Kinds.Contains(LinkKind.Mp4) ? LinkKind.Mp4 : link.Kinds[0];
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
}
