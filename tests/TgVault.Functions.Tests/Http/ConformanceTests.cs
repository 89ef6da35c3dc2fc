using Microsoft.Extensions.DependencyInjection;
using TgVault.Cli.Conformance;
using TgVault.Cli.Terminal;
using TgVault.Core.Hosting;
using TgVault.Core.Library;
using TgVault.Core.Settings;
using TgVault.Testing;
using TgVault.Web;
using TgVault.WebTesting;

namespace TgVault.Functions.Tests.Http;

/// <summary>One table, both hosts.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class ConformanceTests(AzuriteFixture azurite)
{
    [Fact(Timeout = 60_000)]
    public async Task The_function_app_answers_as_the_table_says()
    {
        await using var bench = await FunctionBench.OpenAsync(azurite);
        await using var host = await FunctionHost.StartAsync(bench);
        using var over = new CancellationTokenSource();
        // In the place of Event Grid: looks for uploads until the run is over.
        var events = WatchAsync(bench, over.Token);

        var outcomes = await new ConformanceRun(host.Address, bench.Settings.ApiKey).RunAsync(_ => { }, CancellationToken.None);

        await over.CancelAsync();
        await events;
        AssertAsExpected(outcomes);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_server_of_one_machine_answers_as_the_table_says()
    {
        await using var bench = await FunctionBench.OpenAsync(azurite);
        var foundation = await VaultFoundation.OpenAsync(bench.Settings, TimeProvider.System, CancellationToken.None);
        await using var host = await VaultHost.StartAsync(services =>
            services
                .AddLogging()
                .AddSingleton(TimeProvider.System)
                .AddVault(bench.Settings with { Uploads = new UploadSettings { WatchMilliseconds = 50 } }, foundation)
                .AddIngestRunner()
        );

        AssertAsExpected(await new ConformanceRun(host.Address, bench.Settings.ApiKey).RunAsync(_ => { }, CancellationToken.None));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_vault_that_takes_uploads_and_never_stores_them_is_told_and_left_as_it_was()
    {
        await using var bench = await FunctionBench.OpenAsync(azurite);
        await using var host = await FunctionHost.StartAsync(bench);
        var run = new ConformanceRun(host.Address, bench.Settings.ApiKey) { LongestIngest = TimeSpan.FromMilliseconds(200) };

        var failure = await Assert.ThrowsAsync<CommandFailedException>(() => run.RunAsync(_ => { }, CancellationToken.None));

        Assert.Contains("blob trigger", failure.Message, StringComparison.Ordinal);
        await bench.Hub.IdleAsync();
        Assert.Empty((await bench.Library.ListAsync(new VideoQuery(null, null, 10, null), CancellationToken.None)).Videos);
    }

    [Fact]
    public void Every_route_is_in_the_tables_with_each_of_its_methods()
    {
        var rows = Rows()
            .Append(new HttpCase("Removing", "DELETE", "/api/videos/00000000000000000000000000", 202))
            .Select(row => (row.Method, Path: row.Path.Split('?')[0].TrimStart('/')))
            .ToHashSet();

        var missing = VaultRoutes
            .All.SelectMany(route => route.Methods.Select(method => (Method: method, route.Pattern)))
            .Where(route => !rows.Any(row => row.Method == route.Method && Matches(route.Pattern, row.Path)));

        Assert.Empty(missing);
    }

    [Fact]
    public void Every_row_expects_more_than_a_status() =>
        Assert.DoesNotContain(Rows(), row => row is { Headers.Count: 0, Allow: null, Body: null, Contains: null, IsProblem: false });

    [Fact(Timeout = 60_000)]
    public async Task A_vault_that_answers_differently_is_told_from_one_that_does_not()
    {
        await using var bench = await FunctionBench.OpenAsync(azurite);
        await using var host = await FunctionHost.StartAsync(bench);
        using var http = new HttpClient { BaseAddress = host.Address };
        var row = new HttpCase("Health", "GET", "/api/health", 200) { Headers = { ["Cache-Control"] = "no-store" }, Contains = "\"ok\"" };

        Assert.Empty(await HttpAnswer.FindDifferencesAsync(http, "", row, CancellationToken.None));
        Assert.NotEmpty(await HttpAnswer.FindDifferencesAsync(http, "", row with { Status = 204 }, CancellationToken.None));
        Assert.NotEmpty(
            await HttpAnswer.FindDifferencesAsync(
                http,
                "",
                row with
                {
                    Headers = new() { ["Cache-Control"] = null },
                },
                CancellationToken.None
            )
        );
        Assert.NotEmpty(
            await HttpAnswer.FindDifferencesAsync(http, "", row with { Headers = new() { ["ETag"] = "\"e\"" } }, CancellationToken.None)
        );
        Assert.NotEmpty(
            await HttpAnswer.FindDifferencesAsync(http, "", row with { Contains = "nothing of the kind" }, CancellationToken.None)
        );
        Assert.NotEmpty(await HttpAnswer.FindDifferencesAsync(http, "", row with { Body = new byte[1] }, CancellationToken.None));
        Assert.NotEmpty(await HttpAnswer.FindDifferencesAsync(http, "", row with { Allow = ["GET"] }, CancellationToken.None));
        Assert.NotEmpty(await HttpAnswer.FindDifferencesAsync(http, "", row with { IsProblem = true }, CancellationToken.None));
    }

    static async Task WatchAsync(FunctionBench bench, CancellationToken over)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!over.IsCancellationRequested)
        {
            await bench.Upkeep.TakeUpUnfinished(new(), bench.Hub, CancellationToken.None);
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    static IEnumerable<HttpCase> Rows()
    {
        var subject = new Subject("00000000000000000000000000", new byte[100_000], "\"e\"", "/v/link/video.mp4");
        return [.. HttpTable.Rows(subject), .. ClipTable.Rows(subject), .. PageTable.Rows(subject), .. PictureTable.Rows(subject)];
    }

    static bool Matches(string pattern, string path)
    {
        var (wanted, given) = (pattern.Split('/'), path.Split('/'));
        // As many as there are.
        if (wanted[^1].StartsWith("{**", StringComparison.Ordinal))
            (wanted, given) = (wanted[..^1], given[..Math.Min(given.Length, wanted.Length - 1)]);
        return wanted.Length == given.Length && wanted.Zip(given).All(part => part.First.StartsWith('{') || part.First == part.Second);
    }

    static void AssertAsExpected(List<RowOutcome> outcomes)
    {
        Assert.True(outcomes.Count > 90);
        Assert.Equal(
            [],
            outcomes
                .Where(outcome => outcome.Differences.Length > 0)
                .Select(outcome => $"{outcome.Row.Name}: {string.Join("; ", outcome.Differences)}")
        );
    }
}
