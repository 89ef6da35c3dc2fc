using TgVault.Web.Http;

namespace TgVault.Web.Health;

/// <summary>What the API's description says of what anyone may ask.</summary>
internal static class HealthOperations
{
    public static Operation CheckHealth { get; } =
        new("Whether the vault runs")
        {
            Answers = [Answer.Json<HealthView>(200, "It runs."), Answer.Problem(503, "The vault cannot reach its tables.")],
        };

    public static Operation DescribeApi { get; } = new("This document") { Answers = [Answer.Json<object>(200, "OpenAPI 3.1.")] };

    public static Operation ShowStatus { get; } =
        new("How the vault is: its queue, its space, and how it stands with Telegram")
        {
            Description =
                "Cheap to ask for: Telegram is asked at most once a minute, and what takes long to count is kept for twenty times as long.",
            Answers = [Answer.Json<VaultStatusView>(200, "How it is.")],
        };

    public static Operation ShowRotation { get; } =
        new("How far the rotation of the master secret is")
        {
            Description =
                "A rotation begins where the settings name a former master secret, and ends by itself. Everything plays meanwhile.",
            Answers = [Answer.Json<RotationView>(200, "How far it is.")],
        };

    public static Operation ShowVault { get; } =
        new("What the vault is set to, without secrets") { Answers = [Answer.Json<AboutView>(200, "Its settings.")] };
}
