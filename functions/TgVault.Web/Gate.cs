using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TgVault.Core;
using TgVault.Web.Links;

namespace TgVault.Web;

/// <summary>Lets a request in, or says why not. What a link permits is left in the request's features as <see cref="LinkPermit"/>.</summary>
internal sealed class Gate(VaultSettings settings, ILinkDesk links)
{
    readonly byte[]? _keyHash = settings.ApiKey.Length > 0 ? Hash(settings.ApiKey) : null;

    /// <summary>Null where the request may pass.</summary>
    public IResult? Refuse(HttpContext context, Access access) => access switch
    {
        // A browser's preflight cannot bring a key or be told why it failed; the request that follows is checked.
        _ when HttpMethods.IsOptions(context.Request.Method) => null,
        Access.None => null,
        Access.ApiKey => HasApiKey(context.Request) ? null : Unauthorized(context),
        Access.Link => CheckLink(context, context.GetRouteValue("link") as string),
        Access.LinkOrApiKey when context.Request.Query["link"] is [{ Length: > 0 } link] => CheckLink(context, link),
        Access.LinkOrApiKey => HasApiKey(context.Request) ? null : Unauthorized(context),
        _ => throw new InvalidOperationException($"bug: no rule for {access}"),
    };

    /// <summary>What a link in the path or query permits, without refusing; for preflights.</summary>
    public LinkPermit? PermitOf(HttpContext context) =>
        (context.GetRouteValue("link") as string ?? context.Request.Query["link"].ToString()) is { Length: > 0 } link ? links.Check(link).Permit : null;

    Problem? CheckLink(HttpContext context, string? link)
    {
        var check = links.Check(link ?? "");
        if (check.Permit is not { } permit)
        {
            return check.Verdict == LinkVerdict.Expired
                ? new Problem(StatusCodes.Status410Gone, "This link has expired. Ask whoever gave it to you for a new one.")
                : new Problem(StatusCodes.Status403Forbidden, "This link is not valid here.");
        }

        context.Features.Set(permit);
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
        if (given.Length == 0 && authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) given = authorization[Bearer.Length..].Trim();
        // Hashes have one length, so the comparison tells nothing about the key's.
        return _keyHash is not null && given.Length > 0 && CryptographicOperations.FixedTimeEquals(Hash(given), _keyHash);
    }

    static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
