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

    public static Operation ShowVault { get; } =
        new("What the vault is set to, without secrets") { Answers = [Answer.Json<AboutView>(200, "Its settings.")] };
}
