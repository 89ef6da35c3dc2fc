using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TgVault.Core;
using TgVault.Core.ApiKeys;
using TgVault.Web.Http;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Keys;

/// <summary>Named API keys: making, listing, revoking.</summary>
internal sealed class KeyRoutes(ApiKeyRing keys)
{
    static readonly ImmutableArray<KeyScope> Scopes = [.. Enum.GetValues<KeyScope>()];

    public async Task<IResult> ListKeys(HttpContext context) =>
        VaultJson.Answer(new KeyListView([.. (await keys.ListAsync(context.RequestAborted)).Select(KeyView.Of)]));

    public async Task<IResult> MakeKey(HttpContext context)
    {
        var (body, problem) = await JsonBody.ReadAsync<NewKey>(context);
        if (body is null)
            return problem!;
        var name = body.Text("name", NewKey.MaxName, isRequired: true);
        if (name is not null && (name.Length == 0 || JsonBody.HasControl(name)))
            body.Refuse("name", $"must be one line of 1 to {NewKey.MaxName} characters");
        var scope = ScopeOf(body);
        if (body.Problem is { } wrong)
            return wrong;
        try
        {
            var made = await keys.MakeAsync(name!, scope, context.RequestAborted);
            return VaultJson.Answer(new MadeKeyView(KeyView.Of(made.Key), made.Text), StatusCodes.Status201Created);
        }
        catch (VaultException exception)
        {
            return new Problem(StatusCodes.Status409Conflict, exception.Message) { Code = ProblemCode.TooManyKeys };
        }
    }

    public async Task<IResult> RevokeKey(HttpContext context) =>
        await keys.RevokeAsync(context.GetRouteValue("key") as string ?? "", context.RequestAborted)
            ? TypedResults.NoContent()
            : new Problem(StatusCodes.Status404NotFound, "There is no API key with this id.");

    static KeyScope ScopeOf(JsonBody body)
    {
        if (body.Text("scope", 16, isRequired: true) is not { } text)
            return default;
        // By name only: the framework's parser would take numbers too.
        foreach (var scope in Scopes)
        {
            if (scope.ToString().Equals(text, StringComparison.OrdinalIgnoreCase))
                return scope;
        }

        body.Refuse("scope", "must be one of all, read, upload");
        return default;
    }
}
