using Microsoft.AspNetCore.Http;

namespace TgVault.Web.Pages;

/// <summary>
/// Those parameters of an embed page that decide what it loads before its script runs. The script reads them too, and all others
/// (App/src/embed/parameters.ts).
/// </summary>
/// <param name="Preload">What a media element is to load before it plays: <c>none</c>, <c>metadata</c> or <c>auto</c>.</param>
/// <param name="Plays">Whether it is to play by itself.</param>
/// <param name="IsMuted">Whether it begins without sound.</param>
/// <param name="Poster">A picture of another site to show before it plays; null: the video's own.</param>
internal sealed record EmbedParameters(string Preload, bool Plays, bool IsMuted, Uri? Poster)
{
    static readonly string[] Off = ["0", "false", "no", "off"];

    public static EmbedParameters Read(IQueryCollection query)
    {
        var preload = query["preload"].ToString();
        var plays = IsOn(query, "autoplay");
        return new EmbedParameters(
            plays ? "auto"
                : preload is "none" or "auto" ? preload
                : "metadata",
            plays,
            IsOn(query, "muted"),
            Uri.TryCreate(query["poster"].ToString(), UriKind.Absolute, out var poster)
            && (poster.Scheme == Uri.UriSchemeHttps || poster.Scheme == Uri.UriSchemeHttp)
            // Of a name that the page's policy can hold.
            && poster.HostNameType is UriHostNameType.Dns or UriHostNameType.IPv4
                ? poster
                : null
        );
    }

    // As in parameters.ts: on when present, unless it says otherwise.
    static bool IsOn(IQueryCollection query, string name) =>
        query.TryGetValue(name, out var value) && !Off.Contains(value.ToString(), StringComparer.OrdinalIgnoreCase);
}
