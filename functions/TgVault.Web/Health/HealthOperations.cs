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

    public static Operation ShowHome { get; } = new("What this is, for people") { Answers = [Answer.Of(200, "A page.", "text/html")] };
}
