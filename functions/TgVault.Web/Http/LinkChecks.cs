using Microsoft.AspNetCore.Http;
using TgVault.Core.Links;
using TgVault.Core.Playback.Open;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Http;

/// <summary>
/// Whether a link is good: what its text says, that nobody revoked it or the key that signed it, and that its video's links were not all
/// revoked since. What was revoked elsewhere is known here within <see cref="LinkRegister.Lifetime"/>.
/// </summary>
internal sealed class LinkChecks(VideoLinks links, LinkRegister register, LinkKeyRing keys, OwnLinkKey own, OpenVideos videos)
{
    /// <summary>What a link's text says, whether it was revoked or not: for what gives nothing away.</summary>
    public Task<LinkCheck> ReadAsync(string? token) => links.CheckAsync(token);

    /// <summary>Never throws on what it is given.</summary>
    public async Task<LinkCheck> CheckAsync(string? token, CancellationToken cancellationToken)
    {
        var check = await links.CheckAsync(token);
        return check.Link is null || await IsGoodAsync(check.Link, cancellationToken) ? check : LinkCheck.Revoked;
    }

    /// <summary>Whether a link that was good is not revoked.</summary>
    public async ValueTask<bool> IsGoodAsync(VideoLink link, CancellationToken cancellationToken)
    {
        if (!await own.IsGoodAsync(link, keys, cancellationToken))
            return false;
        if (await register.IsRevokedAsync(link.Id, cancellationToken))
            return false;
        // A video that is not there is told of in other words.
        if (await videos.FindAsync(link.Video, cancellationToken) is not { } video || video.LinkEpoch == link.Epoch)
            return true;
        // A link of a newer epoch than the row that is kept: that one is from before.
        return link.Epoch > video.LinkEpoch
            && (await videos.FindNowAsync(link.Video, cancellationToken) is not { } now || now.LinkEpoch == link.Epoch);
    }

    /// <summary>The same for programs.</summary>
    public static ProblemCode CodeOf(LinkStatus status) =>
        status switch
        {
            LinkStatus.Expired => ProblemCode.LinkExpired,
            LinkStatus.Revoked => ProblemCode.LinkRevoked,
            _ => ProblemCode.InvalidLink,
        };

    /// <summary>What whoever holds a link that is not good is told.</summary>
    public static (int Status, string Words) Refusal(LinkStatus status) =>
        status switch
        {
            LinkStatus.Expired => (StatusCodes.Status410Gone, "This link has expired. Ask whoever gave it to you for a new one."),
            LinkStatus.Revoked => (StatusCodes.Status410Gone, "This link was taken back. Ask whoever gave it to you for a new one."),
            _ => (StatusCodes.Status403Forbidden, "This link is not valid here."),
        };
}
