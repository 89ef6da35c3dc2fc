using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TgVault.Core;
using TgVault.Web.Telemetry;

namespace TgVault.Web.Http.Problems;

/// <summary>The one place where failures become HTTP: a problem while nothing was sent, a cut connection after that.</summary>
internal static class ProblemBoundary
{
    const string TooMuchFetched =
        "Much more was fetched for this link than was asked of it in bytes. Ask for larger ranges, or later: Retry-After says when.";

    /// <param name="context">The request.</param>
    /// <param name="route">The pattern for the log, never the path, which may hold a link.</param>
    /// <param name="next">What may fail.</param>
    public static async Task RunAsync(HttpContext context, string route, RequestDelegate next)
    {
        try
        {
            await next(context);
            await DescribeBareStatusAsync(context);
        }
        catch (Exception exception) when (IsConnectionGone(context, exception))
        {
            Log(context).ClientLeft(context.Request.Method, route);
        }
        catch (Exception exception) when (StatusOfBadRequest(exception) is { } status)
        {
            await RefuseAsync(context, new Problem(status, "The request could not be read."));
        }
        catch (BudgetException spent)
        {
            await RefuseAsync(context, new Problem(StatusCodes.Status429TooManyRequests, TooMuchFetched) { RetryAfter = spent.RetryAfter });
        }
        catch (StorageException exception)
        {
            context.RequestServices.GetRequiredService<StorageTrouble>().Say(exception.Message);
            await RefuseAsync(context, Describe(context, exception));
        }
#pragma warning disable CA1031 // Nothing may reach the host's own error page: it could show what only the log may hold.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log(context).RequestFailed(exception, context.Request.Method, route, RequestId.Of(context));
            await RefuseAsync(context, Describe(context, exception));
        }
    }

    /// <summary>Null where the request is not at fault.</summary>
    static int? StatusOfBadRequest(Exception exception) =>
        exception switch
        {
            BadHttpRequestException bad => bad.StatusCode,
            // So Kestrel says that the size of a chunk is larger than any.
            IOException { InnerException: OverflowException } => StatusCodes.Status400BadRequest,
            _ => null,
        };

    // A read of the body may hear of it before the request's token does: from a client that went, or from a server that ends.
    static bool IsConnectionGone(HttpContext context, Exception exception) =>
        exception
            is ConnectionAbortedException
                or ConnectionResetException
                or OperationCanceledException { InnerException: ConnectionAbortedException }
        || (exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested);

    static Problem Describe(HttpContext context, Exception exception) =>
        exception switch
        {
            ChunkStoreException { Failure: ChunkStoreFailure.Transient } => new Problem(
                StatusCodes.Status503ServiceUnavailable,
                "The chunk store cannot be reached at this moment. Try again in a minute."
            ),
            // A full disk, mostly. Who manages the vault is told which; a viewer is not told of its folders.
            StorageException storage => new Problem(
                StatusCodes.Status507InsufficientStorage,
                context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
                    ? storage.Message
                    : "The vault's storage does not work at this moment."
            ),
            IntegrityException => new Problem(
                StatusCodes.Status500InternalServerError,
                "What is stored of this video did not open. The vault's log says where."
            )
            {
                Code = ProblemCode.DamagedVideo,
            },
            _ => new Problem(
                StatusCodes.Status500InternalServerError,
                "Something went wrong in the vault. Its log says what, by the request's id."
            ),
        };

    static async Task RefuseAsync(HttpContext context, Problem problem)
    {
        if (context.Response.HasStarted)
        {
            RequestTrace.Of(context)?.Cut();
            context.Abort();
            return;
        }

        context.Response.Clear();
        await problem.ExecuteAsync(context);
    }

    /// <summary>Routing answers 404 and 405 with a bare status.</summary>
    static async Task DescribeBareStatusAsync(HttpContext context)
    {
        var response = context.Response;
        if (response.HasStarted || response.ContentType is not null || response.ContentLength is not null)
            return;
        var detail = response.StatusCode switch
        {
            StatusCodes.Status404NotFound => "There is nothing at this address. GET /api/openapi.json lists what there is.",
            StatusCodes.Status405MethodNotAllowed => $"This address takes {response.Headers.Allow} only.",
            >= 400 => "The request could not be answered.",
            _ => null,
        };
        if (detail is not null)
            await new Problem(response.StatusCode, detail).ExecuteAsync(context);
    }

    static ILogger Log(HttpContext context) => context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("TgVault.Web");
}
