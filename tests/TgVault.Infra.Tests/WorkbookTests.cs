using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using TgVault.Core.Telemetry;
using TgVault.Infra.Tests.Kql;

namespace TgVault.Infra.Tests;

/// <summary>Dashboard and alerts against what the app really measures: a name that is misspelt in a query finds nothing, for ever and
/// without a word.</summary>
[Collection(CompiledInfraGroup.Name)]
public sealed partial class WorkbookTests(CompiledInfra infra)
{
    const BindingFlags PublicStatic = BindingFlags.Public | BindingFlags.Static;

    static readonly string[] Instruments =
    [
        .. typeof(VaultMeter)
            .GetProperties(PublicStatic)
            .Select(property => property.GetValue(null))
            .OfType<Instrument>()
            .Select(instrument => instrument.Name),
    ];

    static readonly string[] Tags =
    [
        .. typeof(VaultTags).GetFields(PublicStatic).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!),
    ];

    JsonObject Workbook => JsonNode.Parse(infra["prod"].Single("Microsoft.Insights/workbooks").Text("serializedData")!)!.AsObject();

    IEnumerable<string> Tiles => KqlQuery.OfDashboard(infra["prod"]).Select(query => query.Text);

    IEnumerable<string> Alerts => KqlQuery.OfAlerts(infra["prod"]).Select(query => query.Text);

    [Fact]
    public void Every_instrument_is_on_the_dashboard_under_the_name_it_has()
    {
        var shown = Tiles.SelectMany(MetricNames).Distinct().ToArray();

        Assert.Equal(17, Instruments.Length);
        Assert.Equal(Instruments.Order(), shown.Where(name => name.StartsWith("tgvault.", StringComparison.Ordinal)).Order());
        // The runtime's own, from .NET's meter System.Runtime.
        Assert.Equal(["dotnet.process.memory.working_set"], shown.Where(name => !name.StartsWith("tgvault.", StringComparison.Ordinal)));
    }

    [Fact]
    public void Alerts_name_only_what_is_measured()
    {
        var named = Alerts.SelectMany(MetricNames).Distinct().ToArray();

        Assert.Equal(
            ["http.server.request.duration", "tgvault.http.request.duration", "tgvault.ingest.videos", "tgvault.telegram.throttles"],
            named.Order()
        );
        Assert.Empty(named.Except(Instruments).Except(["http.server.request.duration"]));
    }

    [Fact]
    public void Queries_look_at_tags_that_exist()
    {
        foreach (var query in Tiles.Concat(Alerts))
            Assert.Empty(TagsIn(query).Except(Tags).Except(["CategoryName"]));
    }

    [Fact]
    public void The_dashboard_opens_on_the_environment_s_own_telemetry()
    {
        var workbook = infra["prod"].Single("Microsoft.Insights/workbooks");
        var insights = infra["prod"].Single("Microsoft.Insights/components");

        Assert.Equal(insights.Id, workbook.Text("sourceId"));
        Assert.Equal(insights.Id, (string)Workbook["fallbackResourceIds"]![0]!);
        Assert.True(Guid.TryParse(workbook.Name, out _));
        Assert.All(
            Workbook["items"]!.AsArray().Where(item => (int)item!["type"]! == 3),
            item => Assert.Equal("TimeRange", (string?)item!["content"]!["timeContextFromParameter"])
        );
    }

    static IEnumerable<string> MetricNames(string query) =>
        Condition()
            .Matches(query)
            .SelectMany(condition => Quoted().Matches(condition.Value))
            .Select(match => match.Groups[1].Value)
            .Where(name => name.Contains('.', StringComparison.Ordinal));

    static IEnumerable<string> TagsIn(string query) => Tag().Matches(query).Select(match => match.Groups[1].Value);

    // name == '...', name in ('...', '...'); in the workspace Name and double quotes.
    [GeneratedRegex("""\b[nN]ame (==|in) [^|]*""")]
    private static partial Regex Condition();

    [GeneratedRegex("""['"]([a-z0-9_.]+)['"]""")]
    private static partial Regex Quoted();

    [GeneratedRegex("""(?:customDimensions|Properties)\[['"]([^'"]+)['"]\]""")]
    private static partial Regex Tag();
}
