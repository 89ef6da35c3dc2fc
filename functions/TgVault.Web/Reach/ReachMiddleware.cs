using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using TgVault.Core.Settings;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Reach;

/// <summary>The first that a request meets: what trusted proxies say of it, then whether it is for this vault at all.</summary>
internal static class ReachMiddleware
{
    public static IApplicationBuilder UseReach(this IApplicationBuilder app)
    {
        var settings = app.ApplicationServices.GetRequiredService<VaultSettings>();
        // Without a trusted proxy the headers are anybody's.
        if (!settings.TrustedProxies.IsEmpty)
            app.UseForwardedHeaders(Forwarded(settings));
        var hosts = app.ApplicationServices.GetRequiredService<AllowedHosts>();
        return app.Use(next => context => hosts.Allow(context) ? next(context) : Refuse(context));
    }

    static ForwardedHeadersOptions Forwarded(VaultSettings settings)
    {
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
            // As many proxies in a row as are trusted; the first that is not ends it.
            ForwardLimit = null,
        };
        // Loopback is among them by default, and any program on this machine is there.
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        foreach (var proxy in settings.TrustedProxies)
        {
            if (IPAddress.TryParse(proxy, out var address))
                options.KnownProxies.Add(address);
            else
                options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
        }

        return options;
    }

    static Task Refuse(HttpContext context) =>
        new Problem(
            StatusCodes.Status421MisdirectedRequest,
            "This vault does not answer under the host that the request names. Use the vault's own address, or add the host to "
                + "TgVault__AllowedHosts__0 (or as TgVault__PublicUrl)."
        ).ExecuteAsync(context);
}
