using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace TgVault.Infra.Tests.Rules;

/// <summary>Secrets are in the Key Vault and nowhere else: not in settings, not in outputs (which stay readable in the deployment
/// history).</summary>
static partial class SecretRules
{
    public static IEnumerable<string> Check(Deployment deployment)
    {
        var localTelemetryKeys = deployment.Single("Microsoft.Insights/components").Text("DisableLocalAuth") != "true";
        foreach (var (name, value) in deployment.Settings)
        {
            var text = value!.ToString();
            if (Revealing().IsMatch(text))
                yield return $"Setting {name} holds a key in plain.";
            // With local authentication off, that connection string admits nobody.
            if (name == "APPLICATIONINSIGHTS_CONNECTION_STRING" && !localTelemetryKeys)
                continue;
            if (SecretName().IsMatch(name) && !text.Contains("@Microsoft.KeyVault(SecretUri=", StringComparison.Ordinal))
                yield return $"Setting {name} is not a Key Vault reference.";
        }

        foreach (var resource in deployment.Resources.Where(resource => resource.Type != "Microsoft.KeyVault/vaults/secrets"))
        {
            if (Revealing().IsMatch(resource.Json.ToJsonString()))
                yield return $"{resource.Type} {resource.Name} is given a key.";
        }

        foreach (var (name, value) in deployment.Outputs)
        {
            if (IsSecret(name, value!))
                yield return $"Output {name} holds a secret.";
        }
    }

    /// <summary>All outputs of a compiled template, those of its modules too: each module is a deployment with a history of its
    /// own.</summary>
    public static IEnumerable<string> CheckOutputs(JsonObject template)
    {
        foreach (var (name, output) in template["outputs"] as JsonObject ?? [])
        {
            if (IsSecret(name, output!))
                yield return $"Output {name} holds a secret.";
        }

        var resources = template["resources"] switch
        {
            JsonObject byName => byName.Select(pair => pair.Value),
            JsonArray list => list,
            _ => [],
        };
        foreach (var module in resources.Select(resource => (resource?["properties"] as JsonObject)?["template"]).OfType<JsonObject>())
        {
            foreach (var finding in CheckOutputs(module))
                yield return finding;
        }
    }

    static bool IsSecret(string name, JsonNode output) =>
        Revealing().IsMatch(output.ToJsonString())
        || (output as JsonObject)?["type"]?.ToString().StartsWith("secure", StringComparison.OrdinalIgnoreCase) == true
        || (SecretName().IsMatch(name) && name != "insightsConnectionString");

    /// <summary>What only a secret has in it: a call that lists keys, a connection string with one, a signature, a bot token.</summary>
    [GeneratedRegex(
        @"\blist\w*(Keys|Sas|Secrets?|Credentials)\(|AccountKey=|SharedAccessSignature|[?&]sig=|\d{6,}:[A-Za-z0-9_-]{30,}",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Revealing();

    [GeneratedRegex(@"(Token|Secret|ApiKey|Password|_KEY|ConnectionString|CONNECTION_STRING)$")]
    private static partial Regex SecretName();
}
