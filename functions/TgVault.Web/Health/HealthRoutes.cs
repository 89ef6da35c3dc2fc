using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using TgVault.Core;
using TgVault.Core.Library;
using TgVault.Web.Http;
using TgVault.Web.Http.Problems;
using TgVault.Web.OpenApi;
using TgVault.Web.Reach;

namespace TgVault.Web.Health;

/// <summary>What anyone may ask: whether the vault runs, and what it is.</summary>
internal sealed class HealthRoutes(ILibrary library, ApiDocument api, VaultUrls urls, TimeProvider time, ILogger<HealthRoutes> log)
    : IDisposable
{
    /// <summary>For how long the tables are believed to answer. That they do not is looked at again each time.</summary>
    internal static readonly TimeSpan Believed = TimeSpan.FromSeconds(5);

    readonly IResult _health = VaultJson.Answer(new HealthView("ok", "TgVault", ApiDocument.Version));
    readonly SemaphoreSlim _turn = new(1);
    long? _answered;

    /// <summary>
    /// Ok once the tables answer; asks for one row that is not there. However many ask, it is asked once at a time and not again for a
    /// while: anyone may ask, and each row costs.
    /// </summary>
    public async Task<IResult> CheckHealth(HttpContext context)
    {
        await _turn.WaitAsync(context.RequestAborted);
        try
        {
            if (_answered is { } answered && time.GetElapsedTime(answered) < Believed)
                return _health;
            await library.FindAsync(VideoId.New(time.GetUtcNow()), context.RequestAborted);
            _answered = time.GetTimestamp();
            return _health;
        }
#pragma warning disable CA1031 // Whatever it is, the answer to a probe is that the vault does not work.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            log.Unhealthy(exception);
            _answered = null;
            return new Problem(StatusCodes.Status503ServiceUnavailable, "The vault cannot reach its tables.");
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    public Task<IResult> DescribeApi(HttpContext context) =>
        Task.FromResult<IResult>(
            TypedResults.Bytes(api.JsonFor(new Uri(urls.BaseFor(context.Request) + "/").AbsolutePath), "application/json")
        );
}

/// <summary>That the vault runs, and which it is.</summary>
internal sealed record HealthView([AllowedValues("ok")] string Status, string Name, string Version);
