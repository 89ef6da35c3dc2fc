using TgVault.Web.Http;

namespace TgVault.Web.Links;

/// <summary>What the API's description says of links.</summary>
internal static class LinkOperations
{
    public static Operation LinkVideo { get; } =
        new("Mints a link to play one video for a while")
        {
            Body = RequestContent.Json<NewLink>(isRequired: false),
            Answers = [Answer.Json<LinkView>(201, "The link."), Answer.Problem(404, "There is no such video.")],
        };
}
