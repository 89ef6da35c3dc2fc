using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using TgVault.Functions.Ingest;
using TgVault.Web;
using static Microsoft.Azure.Functions.Worker.AuthorizationLevel;

namespace TgVault.Functions.Http;

/// <summary>
/// All of HTTP, as <c>tgvault serve</c> answers it: which route a request takes, and the key it needs, are the pipeline's concern.
/// A catch-all also gets <c>/</c>, where the host would put the function's name in place of an empty route.
/// </summary>
public sealed class HttpFunction(VaultPipeline pipeline, BoundClient client)
{
    /// <summary>The response has been written when this ends; the result given back adds nothing to it.</summary>
    [Function(nameof(AnswerRequest))]
    public Task<IResult> AnswerRequest(
        [HttpTrigger(Anonymous, "get", "head", "post", "put", "patch", "delete", "options", "propfind", Route = "{*path}")]
            HttpRequest request,
        [DurableClient] DurableTaskClient durable
    ) =>
        client.UseAsync(
            durable,
            async () =>
            {
                await pipeline.RunAsync(request.HttpContext);
                return Results.Empty;
            }
        );
}
