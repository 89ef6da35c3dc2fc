using TgVault.Web.Http;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Keys;

/// <summary>What the API's description says of API keys.</summary>
internal static class KeyOperations
{
    static readonly Parameter Key = new("key", "The id of an API key.");

    public static Operation ListKeys { get; } =
        new("Lists the named API keys, with the last use of each") { Answers = [Answer.Json<KeyListView>(200, "The keys.")] };

    public static Operation MakeKey { get; } =
        new("Makes a named API key, for one purpose")
        {
            Description =
                "`read` looks at videos and plays them, also over WebDAV; `upload` announces uploads and follows them; `all` does what the "
                + "vault's own key does, except looking after keys.",
            Body = RequestContent.Json<NewKey>(),
            Answers =
            [
                Answer.Json<MadeKeyView>(201, "The key, whose secret is told this once."),
                Answer.Problem(409, "There are as many keys as there may be.", ProblemCode.TooManyKeys),
            ],
        };

    public static Operation RevokeKey { get; } =
        new("Revokes an API key: it ends within half a minute everywhere")
        {
            Parameters = [Key],
            Answers = [Answer.Of(204, "Revoked."), Answer.Problem(404, "There is no such key.")],
        };
}
