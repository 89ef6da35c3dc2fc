using Microsoft.Extensions.DependencyInjection;
using TgVault.Core.Ffmpeg;
using TgVault.Core.Ingest;
using TgVault.Core.Playback.Packaging;
using TgVault.Core.Settings;
using TgVault.Core.Upkeep;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Ingest.Prepare;

/// <summary>Smaller sizes made at ingest: what goes wrong, what a crash leaves, and what removal leaves.
/// ffmpeg is the real one, behind a script that notes its runs.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class RenditionMakerTests(AzuriteFixture azurite) : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tgvault-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact(Timeout = 180_000)]
    public async Task Renditions_are_stored_with_their_indexes_and_removed_with_the_video()
    {
        await using var bench = await OpenAsync();
        var (id, arrived) = await UploadAsync(bench);

        Assert.Equal(StepResult.Done, (await bench.RunAsync(arrived)).Result);

        var video = await bench.ShowAsync(id);
        Assert.Equal(
            [
                (CompanionKind.Index, 1, 0, ""),
                (CompanionKind.Rendition, 2, 0, "180p"),
                (CompanionKind.Index, 3, 2, ""),
                (CompanionKind.Rendition, 4, 0, "144p"),
                (CompanionKind.Index, 5, 4, ""),
            ],
            video.Files.Companions.Select(companion => (companion.Kind, companion.Number, companion.Of, companion.Name))
        );
        Assert.All(
            video.Files.Companions,
            companion => Assert.Equal((CompanionState.Stored, 0), (companion.State, companion.Extents.Length))
        );
        Assert.Equal((320, 180), (video.Files.Companions[1].Media!.Tracks[0].Width, video.Files.Companions[1].Media!.Tracks[0].Height));
        Assert.Equal(video.FilesOf(CompanionState.Stored).Sum(file => file.Plan.Count), video.Life.Progress!.ChunksTotal);
        Assert.Equal(video.FilesOf(CompanionState.Stored).Sum(file => file.LengthBytes), video.Life.Progress.BytesTotal);
        Assert.Empty(await PreparedBlobsAsync(bench));
        Assert.Empty(Directory.EnumerateFiles(Temporary));

        await bench.Get<Removals>().BeginAsync(id, CancellationToken.None);
        await bench.Get<Removals>().FinishAsync(id, CancellationToken.None);
        Assert.Equal(1, bench.Store.Count);
        Assert.Null(await bench.Library.FindChunkAsync(id, 1, new ChunkNumber(200_000), CancellationToken.None));
    }

    [Fact(Timeout = 180_000)]
    public async Task One_that_fails_is_left_out_with_its_reason_and_the_video_is_stored()
    {
        await using var bench = await OpenAsync("""case "$*" in *:h=180,*) echo "No." >&2; exit 1;; esac""");
        var (id, arrived) = await UploadAsync(bench);

        Assert.Equal(StepResult.Done, (await bench.RunAsync(arrived)).Result);

        var video = await bench.ShowAsync(id);
        Assert.Equal(VideoStatus.Ready, video.Life.Status);
        Assert.Equal(
            [("180p", CompanionState.Failed), ("144p", CompanionState.Stored)],
            Renditions(video).Select(companion => (companion.Name, companion.State))
        );
        Assert.Contains("ffmpeg could not encode", Renditions(video)[0].Failure, StringComparison.Ordinal);
        Assert.Equal(["144p"], RenditionReader.StoredOf(video).Select(companion => companion.Name));
    }

    [Fact(Timeout = 180_000)]
    public async Task One_whose_keyframes_are_not_where_they_were_asked_for_is_left_out()
    {
        await using var bench = await OpenAsync("""set -- "${@/-force_key_frames/-passlogfile}" """);
        var (id, arrived) = await UploadAsync(bench);

        Assert.Equal(StepResult.Done, (await bench.RunAsync(arrived)).Result);

        Assert.All(
            Renditions(await bench.ShowAsync(id)),
            companion => Assert.Contains("no keyframe where segment 1", companion.Failure, StringComparison.Ordinal)
        );
    }

    [Fact(Timeout = 180_000)]
    public async Task After_a_crash_what_is_encoded_already_is_not_encoded_again()
    {
        // The second one is held until it is let go, so that no encoder is too fast to be cut.
        var free = Path.Combine(_folder.FullName, "free");
        await using var bench = await OpenAsync($"""case "$*" in *:h=144,*) [ -e {free} ] || exec tail -f /dev/null;; esac""");
        var (id, arrived) = await UploadAsync(bench);
        var claim = await bench.Steps.ClaimAsync(arrived, CancellationToken.None);
        await bench.RunAsync(IngestStep.Inspect, claim.Run!, 0, CancellationToken.None);
        using var crash = new CancellationTokenSource();
        var preparing = bench.RunAsync(IngestStep.Prepare, claim.Run!, 0, crash.Token);
        await Task.WhenAny(preparing, FolderChanges.UntilAsync(_folder.FullName, () => Encodes(144) > 0, CancellationToken.None));
        await crash.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => preparing);
        Assert.Equal(["180p"], Renditions(await bench.ShowAsync(id)).Select(companion => companion.Name));
        await File.WriteAllTextAsync(free, "");

        Assert.Equal(StepResult.Done, (await bench.RunAsync(arrived)).Result);

        Assert.Equal((1, 2), (Encodes(180), Encodes(144)));
        Assert.Equal(["180p", "144p"], RenditionReader.StoredOf(await bench.ShowAsync(id)).Select(companion => companion.Name));
        Assert.Empty(await PreparedBlobsAsync(bench));
    }

    [Theory(Timeout = 180_000)]
    [InlineData("hdr-pq.mp4", true)]
    [InlineData("ladder-small.mp4", false)]
    public async Task High_dynamic_range_becomes_ordinary_and_what_is_ordinary_is_left_alone(string clip, bool isMapped)
    {
        await using var bench = await OpenAsync(renditions: "144p");
        var (id, arrived) = await UploadAsync(bench, clip);

        Assert.Equal(StepResult.Done, (await bench.RunAsync(arrived)).Result);

        var rendition = Assert.Single(Renditions(await bench.ShowAsync(id)));
        Assert.Equal(CompanionState.Stored, rendition.State);
        Assert.Equal(isMapped ? "bt709/bt709/bt709" : null, Assert.Single(rendition.Media!.Tracks).Colour);
        Assert.Equal(isMapped ? 1 : 0, File.ReadLines(Runs).Count(line => line.Contains("lut3d", StringComparison.Ordinal)));
        Assert.Empty(Directory.EnumerateFiles(Temporary));
    }

    [Fact(Timeout = 180_000)]
    public async Task Where_its_light_cannot_be_measured_no_size_is_made_and_the_row_says_why()
    {
        await using var bench = await OpenAsync("""case "$*" in *rawvideo*) echo "No." >&2; exit 1;; esac""");
        var (id, arrived) = await UploadAsync(bench, "hdr-pq.mp4");

        Assert.Equal(StepResult.Done, (await bench.RunAsync(arrived)).Result);

        var video = await bench.ShowAsync(id);
        Assert.Equal(VideoStatus.Ready, video.Life.Status);
        Assert.Equal(2, Renditions(video).Count);
        Assert.All(
            Renditions(video),
            companion => Assert.StartsWith("ffmpeg could not read how bright the video is", companion.Failure, StringComparison.Ordinal)
        );
        Assert.Equal((0, 0), (Encodes(180), Encodes(144)));
        Assert.Empty(Directory.EnumerateFiles(Temporary));
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_is_encoded_where_the_setting_does_not_ask_for_it()
    {
        await using var bench = await OpenAsync(renditions: "");
        var (id, arrived) = await UploadAsync(bench);

        Assert.Equal(StepResult.Done, (await bench.RunAsync(arrived)).Result);

        Assert.Empty(Renditions(await bench.ShowAsync(id)));
        Assert.False(File.Exists(Runs));
    }

    string Runs => Path.Combine(_folder.FullName, "runs");

    string Temporary => Path.Combine(_folder.FullName, "temporary");

    int Encodes(int height) =>
        File.Exists(Runs) ? File.ReadLines(Runs).Count(line => line.Contains($":h={height},", StringComparison.Ordinal)) : 0;

    /// <param name="before">Shell text that runs before ffmpeg does.</param>
    async Task<IngestBench> OpenAsync(string before = "", string renditions = "144p,180p")
    {
        Directory.CreateDirectory(Temporary);
        var script = Path.Combine(_folder.FullName, "ffmpeg");
        await File.WriteAllTextAsync(script, $"#!/bin/bash\necho \"$*\" >> {Runs}\n{before}\nexec {await WhereAsync("ffmpeg")} \"$@\"\n");
        await Mp4Clips.RunAsync("chmod", $"u+x {script}");
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "ffprobe"), await WhereAsync("ffprobe"));
        return await IngestBench.OpenAsync(
            azurite,
            settings =>
                settings with
                {
                    Renditions = renditions,
                    Ffmpeg = new FfmpegSettings { Folder = _folder.FullName, TemporaryFolder = Temporary },
                },
            services: services =>
                services.AddSingleton(provider => new FfmpegTools(provider.GetRequiredService<FfmpegSettings>())
                {
                    Notes = [_folder.FullName],
                })
        );
    }

    // The script stands before the program that every other vault of tests has.
    static async Task<string> WhereAsync(string program) =>
        RepositoryFolders.Layer() is { Length: > 0 } layer
            ? Path.Combine(layer, program)
            : (await Mp4Clips.RunAsync("which", program)).Trim();

    static async Task<(VideoId Id, IngestRequest Event)> UploadAsync(IngestBench bench, string clip = "ladder-small.mp4") =>
        await bench.UploadAsync("film.mp4", await File.ReadAllBytesAsync(await Mp4Clips.PathAsync(clip)));

    static List<Companion> Renditions(Video video) =>
        [.. video.Files.Companions.Where(companion => companion.Kind == CompanionKind.Rendition)];

    static async Task<List<string>> PreparedBlobsAsync(IngestBench bench)
    {
        var blobs = bench.Account.Blobs.GetBlobContainerClient(bench.Account.Prefix + "prepared").GetBlobsAsync();
        return await blobs.Select(blob => blob.Name).ToListAsync();
    }
}
