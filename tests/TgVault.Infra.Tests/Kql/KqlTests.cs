namespace TgVault.Infra.Tests.Kql;

/// <summary>Dashboard and alerts through Microsoft's parser: deployment does not look into queries, and a wrong one would show on the day
/// it is needed.</summary>
[Collection(CompiledInfraGroup.Name)]
public sealed class KqlTests(CompiledInfra infra) : IDisposable
{
    readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(50));

    [Fact(Timeout = 60_000)]
    public async Task Every_query_of_dashboard_and_alerts_is_right_for_the_tables_it_sees()
    {
        var dashboard = KqlQuery.OfDashboard(infra["prod"]).ToArray();
        var alerts = KqlQuery.OfAlerts(infra["prod"]).ToArray();
        Assert.NotEmpty(dashboard);
        Assert.Equal(infra["prod"].OfType("Microsoft.Insights/scheduledQueryRules").Count(), alerts.Length);

        Assert.Empty(await CheckAsync([.. dashboard, .. alerts]));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("customMetrics | where nam == 'x'", "'nam' does not refer to any known column")]
    [InlineData("customMetrics | wher name == 'x'", "Query operator expected")]
    [InlineData("customMetrics | where name == 'x' | summarize sum(name)", "must be summable")]
    [InlineData("customMetrics | summarize medium(valueSum)", "'medium' does not refer to any known function")]
    [InlineData("customMetrics | where name == 1", "string is compared with long")]
    [InlineData("requests | where success == false", "string is compared with bool")]
    [InlineData("AppMetrics | where Name == 'x'", "'AppMetrics' does not refer to any known table")]
    [InlineData("customMetrics | summarize max(valueMax) by bin(timestamp, {Period:grain})", "")]
    [InlineData("customMetrics | where timestamp {TimeRange}", "")]
    [InlineData("", "gives no table")]
    public async Task A_broken_query_is_told_by_its_name(string text, string message)
    {
        var findings = await CheckAsync([
            new KqlQuery("good", "customMetrics | take 1", KqlTables.ApplicationInsights),
            new KqlQuery("broken", text, KqlTables.ApplicationInsights),
        ]);

        Assert.Contains(findings, finding => finding.Message.Contains(message, StringComparison.Ordinal));
        Assert.All(findings, finding => Assert.Equal("broken", finding.Name));
    }

    /// <summary>The whole way once: spoiled in the files that are deployed, found under the names that the portal shows.</summary>
    [Fact(Timeout = 60_000)]
    public async Task A_column_misspelt_in_the_files_is_told_by_the_tile_and_by_the_alert()
    {
        using var copy = new InfraCopy();
        copy.Spoil("workbook.json", "summarize Chunks = sum(valueSum)", "summarize Chunks = sum(valueSums)");
        copy.Spoil("modules/alerts.bicep", "where Message has", "where Massage has");
        var spoiled = await copy.EvaluateAsync("dev", _limit.Token);

        var findings = await CheckAsync([.. KqlQuery.OfDashboard(spoiled), .. KqlQuery.OfAlerts(spoiled)]);

        Assert.Equal(["Chunks sent", "poison-messages"], findings.Select(finding => finding.Name));
    }

    public void Dispose() => _limit.Dispose();

    Task<IReadOnlyList<KqlFinding>> CheckAsync(IEnumerable<KqlQuery> queries) =>
        KqlCheck.RunAsync(queries.Select(query => query.WithParameters()), _limit.Token);
}
