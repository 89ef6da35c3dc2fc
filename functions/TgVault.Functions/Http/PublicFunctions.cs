using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using TgVault.Web;
using static Microsoft.Azure.Functions.Worker.AuthorizationLevel;

namespace TgVault.Functions.Http;

/// <summary>What anyone may ask.</summary>
public sealed class PublicFunctions
{
    [Function(nameof(CheckHealth))]
    public Task<IResult> CheckHealth([HttpTrigger(Anonymous, "get", "head", Route = "api/health")] HttpRequest request) =>
        request.AnswerAsync(nameof(CheckHealth));

    [Function(nameof(DescribeApi))]
    public Task<IResult> DescribeApi([HttpTrigger(Anonymous, "get", "head", Route = "api/openapi.json")] HttpRequest request) =>
        request.AnswerAsync(nameof(DescribeApi));

    /// <summary>
    /// Everything no other function takes: the home page, and a problem for the rest. The host gives an empty route the function's name as path, so <c>/</c>
    /// needs a catch-all; and it tries routes in the order of the functions' names, so this name has to stay the last.
    /// </summary>
    [Function(nameof(VisitOther))]
    public async Task<IResult> VisitOther(
        [HttpTrigger(Anonymous, "get", "head", "post", "put", "patch", "delete", "options", Route = "{*path}")] HttpRequest request
    )
    {
        await VaultRoutes.RunOtherAsync(request.HttpContext);
        return Results.Empty;
    }
}
