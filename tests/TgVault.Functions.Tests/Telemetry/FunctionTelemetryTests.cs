using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using TgVault.BotApi.Faults;
using TgVault.Core.Chunks;
using TgVault.Core.Links;
using TgVault.Core.Telemetry;
using TgVault.Core.Videos;
using TgVault.Functions.Ingest;
using TgVault.Functions.Tests.Http;
using TgVault.Testing;
using TgVault.Web.Telemetry;

namespace TgVault.Functions.Tests.Telemetry;

/// <summary>The same of the function app, as far as it runs without a host: orchestrator, activities and HTTP functions.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class FunctionTelemetryTests(AzuriteFixture azurite)
{
    const string Name = "great-aunt-dances-66B0.mp4";

    [Fact(Timeout = 120_000)]
    public async Task Ingest_by_activities_and_playback_by_functions_are_measured_as_on_one_machine_and_tell_as_little()
    {
        await using var receiver = await TelemetryReceiver.StartAsync();
        var collected = new Collected();
        await using var bench = await FunctionBench.OpenAsync(
            azurite,
            register: services =>
            {
                var configuration = new ConfigurationBuilder().AddInMemoryCollection(receiver.Otlp).Build();
                services.AddSingleton<IConfiguration>(configuration).AddVaultTelemetry(configuration, collected.AddTo);
            }
        );
        Collected.Start(bench.Services);
        await using var host = await FunctionHost.StartAsync(bench);
        using var http = new HttpClient { BaseAddress = host.Address };
        var content = await File.ReadAllBytesAsync(await Mp4Clips.PathAsync("h264-aac-faststart.mp4"));
        bench.Fail(FaultKind.TooManyRequests, "sendDocument", retryAfter: 30);

        var (id, blob) = await bench.UploadAsync(Name, content);
        await bench.ArriveAsync(blob);
        await bench.OnlyInstanceAsync(nameof(IngestOrchestrator.IngestUpload));
        var link = bench.Get<VideoLinks>().Mint(new LinkRequest(id, null, [], [])).Token;
        var played = await http.GetByteArrayAsync($"/v/{link}/video.mp4");
        using var refused = await http.GetAsync("/api/videos");
        Collected.Flush(bench.Services);

        var video = await bench.ShowAsync(id);
        Assert.Equal(VideoStatus.Ready, video.Life.Status);
        Assert.Equal(content, played);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(1, collected.Sum("tgvault.ingest.videos", (VaultTags.Outcome, "ready")));
        ChunkPlan[] files = [video.Files.Plan!, .. video.Files.Companions.Select(companion => companion.Plan).OfType<ChunkPlan>()];
        Assert.Equal(files.Sum(file => file.LengthBytes), collected.Sum("tgvault.ingest.bytes"));
        Assert.Equal(
            files.Sum(file => file.Count),
            collected.Count("tgvault.ingest.step.duration", (VaultTags.Step, "verify"), (VaultTags.Outcome, "done"))
        );
        Assert.Equal(1, collected.Sum("tgvault.telegram.throttles"));
        Assert.InRange(
            collected.Sum("tgvault.telegram.wait.duration", (VaultTags.Reason, "workflow")),
            30,
            30 * files.Sum(file => file.Count)
        );
        Assert.Equal(content.Length, collected.Sum("tgvault.playback.bytes", (VaultTags.Route, "/v/{link}/video.mp4")));
        Assert.Equal(1, collected.Count("tgvault.http.request.duration", (VaultTags.Route, "/api/videos"), (VaultTags.StatusCode, 401)));
        Assert.Single(collected.Spans, span => span.DisplayName == "GET /v/{link}/video.mp4" && span.Kind == ActivityKind.Server);
        Assert.True(receiver.Holds("/v1/traces", id.ToString()));
        Assert.True(receiver.Holds("/v1/logs", $"Upload {id} has arrived"));
        foreach (
            var secret in new[] { Name, link, link.Split('.')[2], FunctionBench.Token, bench.Settings.ApiKey, bench.Settings.MasterSecret }
        )
            Assert.False(receiver.Holds("", secret), $"{secret} was sent.");
    }
}
