using TgVault.Web.Http;

namespace TgVault.Web.Sessions;

/// <summary>What the API's description says of sessions, which are for the web app; programs send the API key.</summary>
internal static class SessionOperations
{
    public static Operation ShowSession { get; } =
        new("Whether the browser is signed in") { Answers = [Answer.Json<SessionView>(200, "Whether it is.")] };

    public static Operation SignIn { get; } =
        new("Signs a browser in: by a cookie that scripts cannot read, good for 30 days after its last use")
        {
            Body = RequestContent.Json<NewSession>(),
            Answers =
            [
                Answer.Json<SessionView>(201, "Signed in.") with
                {
                    Headers = [("Set-Cookie", "The session.")],
                },
                Answer.Problem(401, "The key is wrong, or the code was used before or is too old."),
                Answer.Problem(403, "A page of another site asks."),
            ],
        };

    public static Operation SignOut { get; } =
        new("Signs the browser out")
        {
            Answers =
            [
                Answer.Of(204, "Signed out.") with
                {
                    Headers = [("Set-Cookie", "")],
                },
                Answer.Problem(403, "A page of another site asks."),
            ],
        };

    public static Operation CreateSignIn { get; } =
        new("Makes an address that signs one browser in, within an hour") { Answers = [Answer.Json<SignInView>(201, "The address.")] };
}
