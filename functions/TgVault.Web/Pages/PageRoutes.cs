using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TgVault.Core.Staging;
using TgVault.Web.Http.Problems;
using TgVault.Web.Reach;

namespace TgVault.Web.Pages;

/// <summary>The web app: one page, whatever the address, and its files. What they show comes from the API.</summary>
internal sealed class PageRoutes(AppFiles files, IStaging staging, VaultUrls urls)
{
    // The built page has this in it; other addresses in it are relative to it.
    internal const string Base = """<base href="/" />""";

    const string NotBuilt = """
        <!doctype html>
        <html lang="en"><meta charset="utf-8"><title>TgVault</title>
        <h1>TgVault</h1>
        <p>This vault was built without its web app. <code>./tgvault up</code> builds both; after a plain <code>dotnet build</code>,
        run <code>npm ci &amp;&amp; npm run build</code> in <code>functions/TgVault.Web/App</code> and build again.</p>
        <p>The API works all the same: <a href="api/openapi.json">api/openapi.json</a> describes it.</p>
        </html>
        """;

    public Task<IResult> ShowApp(HttpContext context) =>
        Task.FromResult<IResult>(
            files.Index is { } page
                ? new PageResult(At(page, context.Request), PagePolicies.App(staging.UploadOrigin?.GetLeftPart(UriPartial.Authority)))
                : new PageResult(NotBuilt, PagePolicies.Words)
        );

    /// <summary>The API's description for people.</summary>
    public Task<IResult> ShowReference(HttpContext context) =>
        Task.FromResult<IResult>(
            files.Reference is { } page
                ? new PageResult(At(page, context.Request), PagePolicies.Reference)
                : new PageResult(NotBuilt, PagePolicies.Words)
        );

    /// <summary>A file whose name has its content's hash.</summary>
    public Task<IResult> ShowAsset(HttpContext context) => Find(context, "assets", isForever: true);

    /// <summary>A file that others know by its name: the manifest, the icons.</summary>
    public Task<IResult> ShowAppFile(HttpContext context) => Find(context, "app", isForever: false);

    Task<IResult> Find(HttpContext context, string folder, bool isForever) =>
        Task.FromResult<IResult>(
            files.Find($"{folder}/{context.GetRouteValue("file")}") is { } file
                ? new AppFileResult(file, isForever)
                : new Problem(StatusCodes.Status404NotFound, "The web app has no such file. Reload the page: the vault may be a newer one.")
        );

    /// <summary>The page with the path that the vault is reached under.</summary>
    string At(string page, HttpRequest request) =>
        page.Replace(Base, $"""<base href="{HtmlEncoder.Default.Encode(PathOf(urls.BaseFor(request)))}" />""", StringComparison.Ordinal);

    internal static string PathOf(string url) => new Uri(url + "/").AbsolutePath;
}
