using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using TgVault.Core;
using TgVault.Core.Library;

namespace TgVault.Web;

/// <summary>What anyone may ask: whether the vault runs, and what it is.</summary>
internal sealed class HealthRoutes(ILibrary library, TimeProvider time, ILogger<HealthRoutes> log)
{
    const string Home = """
        <!doctype html>
        <html lang="en"><meta charset="utf-8"><title>TgVault</title>
        <h1>TgVault</h1>
        <p>A private video library. Its interface is described in <a href="api/openapi.json">api/openapi.json</a>.</p>
        </html>
        """;

    readonly IResult _health = VaultJson.Answer(new HealthView("ok", "TgVault", Version));
    readonly IResult _description = TypedResults.Bytes(ReadDescription(), "application/json");
    readonly IResult _home = TypedResults.Text(Home, "text/html; charset=utf-8");

    /// <summary>Ok once the tables answer; asks for one row that is not there.</summary>
    public async Task<IResult> CheckHealth(HttpContext context)
    {
        try
        {
            await library.FindAsync(VideoId.New(time.GetUtcNow()), context.RequestAborted);
            return _health;
        }
#pragma warning disable CA1031 // Whatever it is, the answer to a probe is that the vault does not work.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            log.Unhealthy(exception);
            return new Problem(StatusCodes.Status503ServiceUnavailable, "The vault cannot reach its tables.");
        }
    }

    public Task<IResult> DescribeApi() => Task.FromResult(_description);

    public Task<IResult> ShowHome() => Task.FromResult(_home);

    static string Version =>
        typeof(HealthRoutes).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    static byte[] ReadDescription()
    {
        using var stream =
            typeof(HealthRoutes).Assembly.GetManifestResourceStream("openapi.json")
            ?? throw new InvalidOperationException("bug: openapi.json is not embedded");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    sealed record HealthView(string Status, string Name, string Version);
}
