using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using TgVault.Testing;

namespace TgVault.Functions.Tests;

/// <summary>The sample that a person copies to run the app with <c>func start</c>.</summary>
public sealed class LocalSettingsTests
{
    static readonly Dictionary<string, string?> Sample = JsonDocument
        .Parse(File.ReadAllBytes(Path.Combine(RepositoryFolders.Root(), "functions", "TgVault.Functions", "local.settings.sample.json")))
        .RootElement.GetProperty("Values")
        .EnumerateObject()
        .ToDictionary(value => value.Name, value => value.Value.GetString());

    [Fact]
    public void A_copy_of_the_sample_is_refused_until_its_secrets_are_made() =>
        Assert.Equal(["TgVault:ApiKey", "TgVault:MasterSecret"], Problems(Sample).Select(problem => problem.Split(' ')[0]).Order());

    [Fact]
    public void With_secrets_made_it_is_all_the_app_needs() =>
        Assert.Empty(Problems(new(Sample) { ["TgVault__ApiKey"] = new string('k', 44), ["TgVault__MasterSecret"] = new string('s', 44) }));

    [Fact]
    public void Of_the_two_upload_triggers_it_switches_off_the_one_that_waits_for_events() =>
        Assert.Equal(
            ["AzureWebJobs.UploadArrived.Disabled"],
            Sample
                .Where(value => value.Key.EndsWith(".Disabled", StringComparison.Ordinal) && value.Value == "true")
                .Select(value => value.Key)
        );

    static ImmutableArray<string> Problems(Dictionary<string, string?> values) =>
        AppSettings
            .Read(
                new ConfigurationBuilder()
                    .AddInMemoryCollection(
                        values.ToDictionary(value => value.Key.Replace("__", ":", StringComparison.Ordinal), value => value.Value)
                    )
                    .Build()
            )
            .Problems;
}
