namespace TgVault.Web.Pages;

/// <summary>What pages may load and who may frame them (Content-Security-Policy). No page takes an inline script.</summary>
internal static class PagePolicies
{
    // media-chrome puts style elements into its shadow roots, which a policy cannot tell from others.
    const string Common =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        + "media-src 'self' blob:; base-uri 'self'; form-action 'none'";

    /// <summary>The app: uploads go to <paramref name="uploadOrigin"/>, where that is not the vault itself.</summary>
    public static string App(string? uploadOrigin) =>
        $"{Common}; connect-src 'self'{(uploadOrigin is null ? "" : $" {uploadOrigin}")}; frame-src 'self'; manifest-src 'self'; "
        + "frame-ancestors 'none'";

    /// <summary>The page that other sites embed.</summary>
    /// <param name="origins">The sites that may; null: any.</param>
    public static string Embed(IEnumerable<string>? origins) =>
        $"{Common}; connect-src 'self'; frame-ancestors {(origins is null ? "*" : string.Join(' ', origins.Prepend("'self'")))}";

    /// <summary>A page of nothing but words, which any site may frame.</summary>
    public static string Words => "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors *";
}
