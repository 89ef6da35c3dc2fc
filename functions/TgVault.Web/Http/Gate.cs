using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TgVault.Core.ApiKeys;
using TgVault.Core.Links;
using TgVault.Core.Settings;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Http;

/// <summary>Lets a request in, or says why not. What a link permits is left in the request's features as <see cref="VideoLink"/>.</summary>
internal sealed class Gate(
    VaultSettings settings,
    LinkChecks links,
    SiteRule sites,
    SessionCookie session,
    ApiKeyRing keys,
    RefusedKeys refused
)
{
    readonly byte[]? _keyHash = settings.ApiKey.Length > 0 ? Hash(settings.ApiKey) : null;

    /// <summary>Null where the request may pass.</summary>
    public async ValueTask<IResult?> RefuseAsync(HttpContext context, VaultRoute route)
    {
        if (route.Access is Access.None or Access.UploadUrl or Access.Ticket)
            return null;
        if (route.Access is Access.Link or Access.LinkOrApiKey && LinkOf(context) is { } token)
            return await CheckLinkAsync(context, token);
        if (route.Access == Access.Link)
            throw new InvalidOperationException("bug: a route by link has no link in its path");
        if (GivenKey.Of(context.Request, takesPassword: route.Access == Access.NamedKey) is { } given)
            return await CheckKeyAsync(context, route, given);
        if (route.Access == Access.NamedKey || session.Find(context.Request) is null)
            return Unauthorized(context, route);
        return SessionCookie.IsOwn(context.Request)
            ? null
            : new Problem(StatusCodes.Status403Forbidden, "A browser's session is good for the vault's own pages only.");
    }

    /// <summary>Whether this is the vault's own API key.</summary>
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
            return new Problem(code, words) { Code = LinkChecks.CodeOf(status) };
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

    async ValueTask<IResult?> CheckKeyAsync(HttpContext context, VaultRoute route, GivenKey given)
    {
        if (!given.IsPassword && IsApiKey(given.Text))
            return null;
        if (await keys.FindAsync(given.Text, context.RequestAborted) is not { } key)
        {
            refused.Tell(context);
            return Unauthorized(context, route);
        }

        return route.Scopes.Contains(key.Scope)
            ? null
            : new Problem(
                StatusCodes.Status403Forbidden,
                key.Scope switch
                {
                    KeyScope.Read => "This API key is for looking at videos and playing them only.",
                    KeyScope.Upload => "This API key is for uploads only.",
                    _ => "Only the vault's own API key may do this.",
                }
            )
            {
                Code = ProblemCode.ScopeTooSmall,
            };
    }

    static Problem Unauthorized(HttpContext context, VaultRoute route)
    {
        var isBasic = route.Access == Access.NamedKey;
        context.Response.Headers.WWWAuthenticate = isBasic ? "Basic realm=\"TgVault\", charset=\"UTF-8\"" : "Bearer";
        return new Problem(
            StatusCodes.Status401Unauthorized,
            isBasic
                ? "Send a key for reading as the password, with any user name: `./tgvault keys add NAME --scope read` makes one."
                : "Send the vault's API key as the X-Api-Key header or as a bearer token."
        );
    }

    static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
