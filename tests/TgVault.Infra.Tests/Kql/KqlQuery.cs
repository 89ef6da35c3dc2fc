using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace TgVault.Infra.Tests.Kql;

/// <summary>A query that is deployed, and the tables it sees where it runs.</summary>
sealed partial record KqlQuery(string Name, string Text, IReadOnlyDictionary<string, string> Tables)
{
    /// <summary>Every query of the dashboard, wherever in it: in tiles, groups, parameters.</summary>
    public static IEnumerable<KqlQuery> OfDashboard(Deployment deployment) =>
        Inside(JsonNode.Parse(deployment.Single("Microsoft.Insights/workbooks").Text("serializedData")!));

    /// <summary>Every query of an alert.</summary>
    public static IEnumerable<KqlQuery> OfAlerts(Deployment deployment) =>
        deployment
            .OfType("Microsoft.Insights/scheduledQueryRules")
            .SelectMany(rule =>
                rule.Properties["criteria"]!["allOf"]!
                    .AsArray()
                    .Select(condition => new KqlQuery(rule.Name, (string)condition!["query"]!, KqlTables.Workspace))
            );

    /// <summary>
    /// As the portal runs it, which puts the grain of the chosen time into it first. Anything else in braces stays, and is no KQL:
    /// the dashboard has one parameter, and its range itself is given beside the query (timeContextFromParameter).
    /// </summary>
    public KqlQuery WithParameters() => this with { Text = Grain().Replace(Text, "30m") };

    static IEnumerable<KqlQuery> Inside(JsonNode? node) =>
        node switch
        {
            JsonArray list => list.SelectMany(Inside),
            JsonObject thing when thing["query"] is JsonValue query =>
            [
                new KqlQuery((string?)(thing["title"] ?? thing["name"]) ?? "unnamed", (string)query!, KqlTables.ApplicationInsights),
                .. thing.SelectMany(pair => Inside(pair.Value)),
            ],
            JsonObject thing => thing.SelectMany(pair => Inside(pair.Value)),
            _ => [],
        };

    [GeneratedRegex(@"\{TimeRange:grain\}")]
    private static partial Regex Grain();
}
