using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using TgVault.Core.Settings;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Http;

/// <summary>
/// From which sites a link may be used that names some (FORMAT.md, "Sites"). Browsers say where a request comes from, and pages cannot
/// make them lie; programs that are no browsers say nothing, or what they like. The vault's own pages are always among them.
/// </summary>
internal sealed class SiteRule(VaultSettings settings)
{
    public static Problem Refusal { get; } =
        new(StatusCodes.Status403Forbidden, "This link is for other sites. Ask whoever gave it to you for one that names this site.")
        {
            Code = ProblemCode.OtherSite,
        };

    /// <param name="origins">The sites that the link names; null: any.</param>
    public bool Allows(HttpRequest request, ImmutableArray<string>? origins)
    {
        if (origins is not { } named)
            return true;
        // A page that has no origin (a sandboxed frame) says "null", which no link can name.
        if (request.Headers.Origin.ToString() is { Length: > 0 } origin)
            return IsNamed(origin);
        var referrer = request.Headers.Referer.ToString();
        // https://www.w3.org/TR/fetch-metadata/: sent to https and to localhost only.
        return request.Headers["Sec-Fetch-Site"].ToString() switch
        {
            "same-origin" or "none" => true,
            "" => referrer.Length == 0 || IsNamed(OriginOf(referrer)),
            // Somebody followed a link to it: the other site shows nothing.
            _ => request.Headers["Sec-Fetch-Dest"].ToString() is "document" || IsNamed(OriginOf(referrer)),
        };

        bool IsNamed(string? site) => site is not null && (named.Contains(site, StringComparer.OrdinalIgnoreCase) || IsOwn(request, site));
    }

    // By host alone: behind a proxy that ends TLS, the scheme that arrives need not be the one that the browser sees.
    bool IsOwn(HttpRequest request, string site) =>
        Uri.TryCreate(site, UriKind.Absolute, out var from)
        && (
            from.Authority.Equals(request.Host.ToUriComponent(), StringComparison.OrdinalIgnoreCase)
            || (settings.PublicUrl.Length > 0 && from.Authority == new Uri(settings.PublicUrl).Authority)
        );

    static string? OriginOf(string referrer) =>
        Uri.TryCreate(referrer, UriKind.Absolute, out var from) && (from.Scheme == Uri.UriSchemeHttp || from.Scheme == Uri.UriSchemeHttps)
            ? from.GetLeftPart(UriPartial.Authority)
            : null;
}
