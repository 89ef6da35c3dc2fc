namespace TgVault.Web.Pages;

/// <summary>What pages may load and who may frame them (Content-Security-Policy). No page takes an inline script.</summary>
internal static class PagePolicies
{
    // media-chrome puts style elements into its shadow roots, which a policy cannot tell from others. Captions that are taken off
    // again leave an empty text behind, which is a data: address.
    const string Common =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; media-src 'self' data: blob:; base-uri 'self'; "
        + "form-action 'none'; "
        + "img-src 'self' data: blob:";

    /// <summary>The app: uploads go to <paramref name="uploadOrigin"/>, where that is not the vault itself.</summary>
    public static string App(string? uploadOrigin) =>
        $"{Common}; connect-src 'self'{(uploadOrigin is null ? "" : $" {uploadOrigin}")}; frame-src 'self'; manifest-src 'self'; "
        + "frame-ancestors 'none'";

    /// <summary>The API's reference: searching it needs a worker that its script makes by itself.</summary>
    public static string Reference => $"{Common}; connect-src 'self'; worker-src blob:; frame-ancestors 'none'";

    /// <summary>The page that other sites embed.</summary>
    /// <param name="origins">The sites that may; null: any.</param>
    /// <param name="poster">A picture that its address asks for; from that one's site pictures are taken, too.</param>
    public static string Embed(IEnumerable<string>? origins, Uri? poster)
    {
        var pictures = poster is null ? "" : $" {poster.Scheme}://{poster.IdnHost}:{poster.Port}";
        return $"{Common}{pictures}; connect-src 'self'; "
            + $"frame-ancestors {(origins is null ? "*" : string.Join(' ', origins.Prepend("'self'")))}";
    }

    /// <summary>A page of nothing but words, which any site may frame.</summary>
    public static string Words => "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors *";
}
