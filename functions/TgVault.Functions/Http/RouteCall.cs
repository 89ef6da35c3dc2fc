using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using TgVault.Web;

namespace TgVault.Functions.Http;

/// <summary>Answers a request by the route of TgVault.Web that has the function's name, as `tgvault serve` does.</summary>
static class RouteCall
{
    static readonly FrozenDictionary<string, VaultRoute> Routes = VaultRoutes.All.ToFrozenDictionary(route => route.Name);

    /// <summary>The response has been written when this ends; the result given back adds nothing to it.</summary>
    public static async Task<IResult> AnswerAsync(this HttpRequest request, string route)
    {
        await Routes[route].RunAsync(request.HttpContext);
        return Results.Empty;
    }
}
