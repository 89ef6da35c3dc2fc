using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace TgVault.Web.Staging;

/// <summary>How long and how slow a body may be that is staged: it goes to the disk as it comes.</summary>
internal static class BodyLimits
{
    /// <summary>As in Azure.</summary>
    public const long MaxBlockBytes = 4000L << 20;

    /// <inheritdoc cref="MaxBlockBytes"/>
    public const long MaxBlobBytes = 5000L << 20;

    // A phone between two masts sends nothing for a while. Kestrel's own 5 seconds would cut it.
    static readonly MinDataRate Slowest = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromMinutes(2));

    /// <summary>In place of Kestrel's 30 MB and its pace, on this route only.</summary>
    public static void Lift(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = MaxBlobBytes + (1 << 20);
        // Over HTTP/2 a pace can only be let go for one request; how long nothing may come is kept besides (UploadContent.LongestPause).
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = HttpProtocol.IsHttp11(context.Request.Protocol) ? Slowest : null;
    }
}
