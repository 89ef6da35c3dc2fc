using Microsoft.AspNetCore.Http;
using TgVault.Core.Sessions;

namespace TgVault.Web.Http;

/// <summary>
/// The cookie that a signed-in browser sends, out of reach of scripts. Browsers send cookies whichever page asks, so what it permits is
/// done only for requests of the vault's own pages.
/// </summary>
internal sealed class SessionCookie(VaultSessions sessions)
{
    readonly string _name = $"tgvault-{sessions.VaultName}";

    /// <summary>When the request's session ends; null where it has none that is good.</summary>
    public DateTimeOffset? Find(HttpRequest request) => sessions.Check(request.Cookies[_name]);

    /// <summary>Begins a session.</summary>
    public void Set(HttpContext context) =>
        context.Response.Cookies.Append(_name, sessions.Make(), Options(context.Request, VaultSessions.SessionLifetime));

    /// <summary>Ends it.</summary>
    public void Clear(HttpContext context) => context.Response.Cookies.Delete(_name, Options(context.Request, null));

    /// <summary>
    /// Whether a page of the vault itself asks, or nobody's (an address typed in). Browsers tell this to https addresses and localhost
    /// (https://www.w3.org/TR/fetch-metadata/); elsewhere what changes something has an Origin (RFC 6454).
    /// </summary>
    public static bool IsOwn(HttpRequest request)
    {
        var isReading = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        return request.Headers["Sec-Fetch-Site"].ToString() switch
        {
            "same-origin" => true,
            "none" => isReading,
            "" when request.Headers.Origin.ToString() is { Length: > 0 } origin => Uri.TryCreate(origin, UriKind.Absolute, out var from)
                && from.Authority.Equals(request.Host.ToUriComponent(), StringComparison.OrdinalIgnoreCase),
            "" => isReading,
            _ => false,
        };
    }

    static CookieOptions Options(HttpRequest request, TimeSpan? lifetime) =>
        new()
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = request.IsHttps,
            Path = "/",
            MaxAge = lifetime,
            IsEssential = true,
        };
}
