using Microsoft.Extensions.DependencyInjection;
using TgVault.Core.Ffmpeg;
using TgVault.Core.Ingest;
using TgVault.Core.Settings;
using TgVault.Core.Tests.Engine;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Ingest.Prepare;

/// <summary>Uploads that keep ffmpeg busy for hours do not stop those that need none.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class FfmpegPlacesTests(AzuriteFixture azurite)
{
    [Fact(Timeout = 120_000)]
    public async Task With_every_place_taken_an_upload_that_needs_ffmpeg_waits_and_others_are_prepared()
    {
        // None of them runs for long, however slow this machine is.
        await using var bench = await IngestBench.OpenAsync(
            azurite,
            services: services =>
                services.AddSingleton(provider => new FfmpegPlaces(
                    provider.GetRequiredService<IngestSettings>(),
                    new WatchedTime(new Signal())
                ))
        );
        var places = bench.Get<FfmpegPlaces>();
        var taken = Enumerable.Range(0, new IngestSettings().Videos).Select(_ => places.TryTake()!).ToList();
        var moved = await InspectedAsync(bench, "h264-aac.mp4", MediaAction.Relocate);
        var written = await InspectedAsync(bench, "tracks-subtitles.mkv", MediaAction.Remux);

        var done = await bench.RunAsync(IngestStep.Prepare, moved, 0, CancellationToken.None);
        var waits = await bench.RunAsync(IngestStep.Prepare, written, 0, CancellationToken.None);
        taken[0].Dispose();
        var afterwards = await bench.RunAsync(IngestStep.Prepare, written, 0, CancellationToken.None);

        Assert.Equal(StepOutcome.Done, done);
        Assert.Equal((StepResult.Wait, FfmpegPlaces.AskAgainAfter), (waits.Result, waits.Delay));
        Assert.Equal(StepOutcome.Done, afterwards);
        // The place that it had is free again, and no other.
        Assert.NotNull(places.TryTake());
        Assert.Null(places.TryTake());
    }

    [Fact]
    public void A_place_that_is_left_twice_is_free_once()
    {
        var places = new FfmpegPlaces(new IngestSettings { Videos = 1 }, TimeProvider.System);
        var place = places.TryTake()!;

        Assert.Null(places.TryTake());
        place.Dispose();
        place.Dispose();

        Assert.NotNull(places.TryTake());
        Assert.Null(places.TryTake());
    }

    [Fact]
    public void One_that_runs_for_long_keeps_no_place_from_others_up_to_a_number()
    {
        var changes = new Signal();
        var time = new WatchedTime(changes);
        var places = new FfmpegPlaces(new IngestSettings { Videos = 2 }, time);
        var endless = new[] { places.TryTake()!, places.TryTake()! };
        Assert.Null(places.TryTake());

        time.Advance(FfmpegPlaces.Long);
        using (places.TryTake())
            Assert.NotNull(places.TryTake());
        time.Advance(FfmpegPlaces.Long);
        Assert.NotNull(places.TryTake());
        Assert.NotNull(places.TryTake());
        time.Advance(FfmpegPlaces.Long);
        Assert.NotNull(places.TryTake());
        Assert.Null(places.TryTake());

        endless[0].Dispose();
        Assert.NotNull(places.TryTake());
    }

    static async Task<IngestRun> InspectedAsync(IngestBench bench, string clip, MediaAction expected)
    {
        var (id, arrived) = await bench.UploadAsync(clip, await File.ReadAllBytesAsync(await Mp4Clips.PathAsync(clip)));
        var run = (await bench.Steps.ClaimAsync(arrived, CancellationToken.None)).Run!;
        await bench.RunAsync(IngestStep.Inspect, run, 0, CancellationToken.None);
        Assert.Equal(expected, (await bench.ShowAsync(id)).Inspection.Decision!.Action);
        return run;
    }
}
