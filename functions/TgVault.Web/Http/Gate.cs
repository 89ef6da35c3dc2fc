using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TgVault.Core.Links;
using TgVault.Core.Settings;

namespace TgVault.Web.Http;

/// <summary>Lets a request in, or says why not. What a link permits is left in the request's features as <see cref="VideoLink"/>.</summary>
internal sealed class Gate(VaultSettings settings, LinkChecks links, SiteRule sites, SessionCookie session)
{
    readonly byte[]? _keyHash = settings.ApiKey.Length > 0 ? Hash(settings.ApiKey) : null;

    /// <summary>Null where the request may pass.</summary>
    public async ValueTask<IResult?> RefuseAsync(HttpContext context, Access access)
    {
        if (access is Access.None or Access.UploadUrl)
            return null;
        if (access != Access.ApiKey && LinkOf(context) is { } token)
            return await CheckLinkAsync(context, token);
        if (access == Access.Link)
            throw new InvalidOperationException("bug: a route by link has no link in its path");
        if (HasApiKey(context.Request))
            return null;
        if (session.Find(context.Request) is null)
            return Unauthorized(context);
        return SessionCookie.IsOwn(context.Request)
            ? null
            : new Problem(StatusCodes.Status403Forbidden, "A browser's session is good for the vault's own pages only.");
    }

    /// <summary>Whether this is the API key.</summary>
    // Hashes have one length, so the comparison tells nothing about the key's.
    public bool IsApiKey(string given) =>
        _keyHash is not null && given.Length > 0 && CryptographicOperations.FixedTimeEquals(Hash(given), _keyHash);

    /// <summary>The link in the path or query if it is good; for preflights.</summary>
    public async ValueTask<VideoLink?> FindLinkAsync(HttpContext context) =>
        LinkOf(context) is { } token ? (await links.ReadAsync(token)).Link : null;

    static string? LinkOf(HttpContext context) =>
        context.GetRouteValue("link") as string ?? (context.Request.Query["link"].ToString() is { Length: > 0 } link ? link : null);

    async Task<Problem?> CheckLinkAsync(HttpContext context, string token)
    {
        var (status, link) = await links.CheckAsync(token, context.RequestAborted);
        if (link is null)
        {
            var (code, words) = LinkChecks.Refusal(status);
            return new Problem(code, words);
        }

        if (!sites.Allows(context.Request, link.Origins))
        {
            // Its scripts may read that much, or they would take it for a broken network and ask again.
            Cors.Allow(context, origins: null);
            return SiteRule.Refusal;
        }

        context.Features.Set(link);
        return null;
    }

    static Problem Unauthorized(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return new Problem(StatusCodes.Status401Unauthorized, "Send the vault's API key as the X-Api-Key header or as a bearer token.");
    }

    bool HasApiKey(HttpRequest request)
    {
        const string Bearer = "Bearer ";
        var given = request.Headers["X-Api-Key"].ToString();
        var authorization = request.Headers.Authorization.ToString();
        if (given.Length == 0 && authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            given = authorization[Bearer.Length..].Trim();
        return IsApiKey(given);
    }

    static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
