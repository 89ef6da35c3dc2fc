using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using TgVault.Core.Telemetry;
using TgVault.Testing;
using TgVault.Web.Telemetry;

namespace TgVault.Functions.Tests.Telemetry;

/// <summary>How Application Insights gets the vault's measurements, since that is what the queries in infra/ add up.</summary>
public sealed class AzureMetricsTests
{
    [Fact(Timeout = 60_000)]
    public async Task Counters_come_as_differences_histograms_with_their_count_and_extremes_and_levels_as_they_stand()
    {
        await using var receiver = await TelemetryReceiver.StartAsync();
        // The exporter reads these from the environment alone; with them it tells nobody about itself.
        foreach (var name in (string[])["APPLICATIONINSIGHTS_STATSBEAT_DISABLED", "APPLICATIONINSIGHTS_SDKSTATS_DISABLED"])
            Environment.SetEnvironmentVariable(name, "true");
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(receiver.ApplicationInsights).Build();
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConfiguration>(configuration)
            .AddVaultTelemetry(configuration)
            .BuildServiceProvider();
        var meters = services.GetRequiredService<MeterProvider>();
        // A value of the tag that no other test has: all of them share the meter.
        KeyValuePair<string, object?> tag = new(VaultTags.Outcome, nameof(AzureMetricsTests));

        VaultMeter.IngestVideos.Add(3, tag);
        VaultMeter.CacheSize.Add(70, tag);
        foreach (var seconds in new[] { 1.0, 2.0, 6.0 })
            VaultMeter.FetchDuration.Record(seconds, tag);
        Assert.True(meters.ForceFlush(30_000));
        VaultMeter.IngestVideos.Add(2, tag);
        VaultMeter.CacheSize.Add(-30, tag);
        Assert.True(meters.ForceFlush(30_000));

        Assert.Equal([3, 2], Points("tgvault.ingest.videos").Select(point => (double)point["value"]!));
        Assert.Equal([70, 40], Points("tgvault.playback.cache.size").Select(point => (double)point["value"]!));
        var histogram = Points("tgvault.playback.fetch.duration").First();
        Assert.Equal(
            (9, 3, 1, 6),
            ((double)histogram["value"]!, (int)histogram["count"]!, (double)histogram["min"]!, (double)histogram["max"]!)
        );

        IEnumerable<JsonNode> Points(string name) =>
            receiver
                .BodiesOf("/track")
                .SelectMany(body => Encoding.UTF8.GetString(body).Split('\n'))
                .Select(line => JsonNode.Parse(line)!["data"]!["baseData"]!)
                .Where(item => (string?)item["properties"]?[VaultTags.Outcome] == nameof(AzureMetricsTests))
                .Select(item => item["metrics"]![0]!)
                .Where(point => (string?)point["name"] == name);
    }
}
