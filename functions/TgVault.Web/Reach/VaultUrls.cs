using Microsoft.AspNetCore.Http;
using TgVault.Core.Settings;

namespace TgVault.Web.Reach;

/// <summary>
/// What every URL that the vault gives out begins with: TgVault:PublicUrl, else where the request was sent to. That host was looked at
/// before (<see cref="AllowedHosts"/>), and what a proxy says of it counts only from a trusted one.
/// </summary>
/// <param name="lan">Where other machines reach the vault, such as <c>http://192.168.1.5:7071</c>; null: not known.</param>
public sealed class VaultUrls(VaultSettings settings, Uri? lan)
{
    readonly string _public = settings.PublicUrl.TrimEnd('/');
    readonly string? _lan = lan?.GetLeftPart(UriPartial.Authority);

    /// <summary>
    /// For the one who asks: scheme, host and port, and a path where TgVault:PublicUrl has one, without a slash at the end.
    /// </summary>
    public string BaseFor(HttpRequest request) =>
        _public.Length > 0 ? _public : $"{(request.IsHttps ? "https" : "http")}://{request.Host.ToUriComponent()}";

    /// <summary>
    /// The same for a URL that is handed on: asked for on this machine, it still has to lead here from another one.
    /// </summary>
    public string BaseForOthers(HttpRequest request) =>
        _public.Length == 0 && _lan is not null && IsLocal(request.Host.Host) ? _lan : BaseFor(request);

    static bool IsLocal(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (System.Net.IPAddress.TryParse(host.Trim('[', ']'), out var address) && System.Net.IPAddress.IsLoopback(address));
}
