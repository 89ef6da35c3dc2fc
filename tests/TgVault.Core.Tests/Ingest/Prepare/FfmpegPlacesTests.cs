using TgVault.Core.Ffmpeg;
using TgVault.Core.Ingest;
using TgVault.Core.Settings;
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
        await using var bench = await IngestBench.OpenAsync(azurite);
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
        var places = new FfmpegPlaces(new IngestSettings { Videos = 1 });
        var place = places.TryTake()!;

        Assert.Null(places.TryTake());
        place.Dispose();
        place.Dispose();

        Assert.NotNull(places.TryTake());
        Assert.Null(places.TryTake());
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
