using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TgVault.Core;
using TgVault.Core.Links;
using TgVault.Web.Http;
using TgVault.Web.Http.Problems;
using TgVault.Web.Reach;

namespace TgVault.Web.Keys;

/// <summary>Link keys, with which sites make links by themselves: making, listing, revoking.</summary>
internal sealed class LinkKeyRoutes(LinkKeyRing keys, VaultUrls urls)
{
    public async Task<IResult> ListLinkKeys(HttpContext context) =>
        VaultJson.Answer(new LinkKeyListView([.. (await keys.ListAsync(context.RequestAborted)).Select(LinkKeyView.Of)]));

    public async Task<IResult> MakeLinkKey(HttpContext context)
    {
        var (body, problem) = await JsonBody.ReadAsync<NewLinkKey>(context);
        if (body is null)
            return problem!;
        var name = body.Text("name", NewKey.MaxName, isRequired: true);
        if (name is not null && (name.Length == 0 || JsonBody.HasControl(name)))
            body.Refuse("name", $"must be one line of 1 to {NewKey.MaxName} characters");
        if (body.Problem is { } wrong)
            return wrong;
        try
        {
            var made = await keys.MakeAsync(name!, context.RequestAborted);
            return VaultJson.Answer(
                new MadeLinkKeyView(LinkKeyView.Of(made.Key), made.Secret, urls.BaseForOthers(context.Request)),
                StatusCodes.Status201Created
            );
        }
        catch (VaultException exception)
        {
            return new Problem(StatusCodes.Status409Conflict, exception.Message) { Code = ProblemCode.TooManyKeys };
        }
    }

    public async Task<IResult> RevokeLinkKey(HttpContext context) =>
        await keys.RevokeAsync(context.GetRouteValue("key") as string ?? "", context.RequestAborted)
            ? TypedResults.NoContent()
            : new Problem(StatusCodes.Status404NotFound, "There is no link key with this id.");
}
