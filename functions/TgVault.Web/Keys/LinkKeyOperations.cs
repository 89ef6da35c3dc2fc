using TgVault.Web.Http;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Keys;

/// <summary>What the API's description says of link keys.</summary>
internal static class LinkKeyOperations
{
    static readonly Parameter Key = new("key", "The id of a link key.");

    public static Operation ListLinkKeys { get; } =
        new("Lists the link keys, with the last use of each") { Answers = [Answer.Json<LinkKeyListView>(200, "The keys.")] };

    public static Operation MakeLinkKey { get; } =
        new("Makes a link key, with which a site's backend makes links by itself")
        {
            Description =
                "It signs links (JSON Web Tokens, HS256) to every video whose id is known, and can do nothing else. A vault that is made "
                + "anew from its channel has none of its link keys any more.",
            Body = RequestContent.Json<NewLinkKey>(),
            Answers =
            [
                Answer.Json<MadeLinkKeyView>(201, "The key, whose secret is told this once."),
                Answer.Problem(409, "There are as many keys as there may be.", ProblemCode.TooManyKeys),
            ],
        };

    public static Operation RevokeLinkKey { get; } =
        new("Revokes a link key: every link that it signed ends within a minute everywhere")
        {
            Parameters = [Key],
            Answers = [Answer.Of(204, "Revoked."), Answer.Problem(404, "There is no such key.")],
        };
}
