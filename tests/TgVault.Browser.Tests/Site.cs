using System.Collections.Concurrent;
using System.Net;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace TgVault.Browser.Tests;

/// <summary>
/// Somebody else's site, of another origin than the vault, whose pages hold a plain video element, or one for a player from npm.
/// On loopback like the vault: a browser lets no page from outside reach in there.
/// </summary>
sealed class Site : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly ConcurrentDictionary<string, string> _pages;

    Site(WebApplication app, ConcurrentDictionary<string, string> pages) => (_app, _pages) = (app, pages);

    public static async Task<Site> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var pages = new ConcurrentDictionary<string, string>();
        app.Run(async context =>
        {
            if (Player.ScriptOf(context.Request.Path.Value!.Trim('/')) is { } file)
            {
                context.Response.ContentType = "text/javascript; charset=utf-8";
                await context.Response.SendFileAsync(file);
                return;
            }

            if (pages.TryGetValue(context.Request.Path.Value!.Trim('/'), out var html))
            {
                context.Response.ContentType = "text/html; charset=utf-8";
                await context.Response.WriteAsync(html);
                return;
            }

            if (context.Request.Query["player"].ToString() is { Length: > 0 } player)
            {
                context.Response.ContentType = "text/html; charset=utf-8";
                var script = HtmlEncoder.Default.Encode(player);
                await context.Response.WriteAsync(
                    $"<!doctype html><title>A site</title><video muted></video><script src=\"/{script}\"></script>"
                );
                return;
            }

            context.Response.ContentType = "text/html; charset=utf-8";
            var video = HtmlEncoder.Default.Encode(context.Request.Query["video"].ToString());
            await context.Response.WriteAsync($"<!doctype html><title>A site</title><video muted src=\"{video}\"></video>");
        });
        await app.StartAsync();
        return new Site(app, pages);
    }

    public string PageOf(string link) => $"{_app.Urls.First()}/?video={Uri.EscapeDataString(link)}";

    public string PageWith(Player player) => $"{_app.Urls.First()}/?player={player.Name}";

    /// <summary>Serves a page of the test's own; returns its address.</summary>
    public string Publish(string name, string html)
    {
        _pages[name] = html;
        return $"{_app.Urls.First()}/{name}";
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
