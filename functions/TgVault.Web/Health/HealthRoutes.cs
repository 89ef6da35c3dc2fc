using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using TgVault.Core;
using TgVault.Core.Library;
using TgVault.Web.Http;
using TgVault.Web.OpenApi;

namespace TgVault.Web.Health;

/// <summary>What anyone may ask: whether the vault runs, and what it is.</summary>
internal sealed class HealthRoutes(ILibrary library, ApiDocument api, TimeProvider time, ILogger<HealthRoutes> log)
{
    readonly IResult _health = VaultJson.Answer(new HealthView("ok", "TgVault", ApiDocument.Version));

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

    public Task<IResult> DescribeApi(HttpContext context) => Task.FromResult<IResult>(TypedResults.Bytes(api.Json, "application/json"));
}

/// <summary>That the vault runs, and which it is.</summary>
internal sealed record HealthView([AllowedValues("ok")] string Status, string Name, string Version);
