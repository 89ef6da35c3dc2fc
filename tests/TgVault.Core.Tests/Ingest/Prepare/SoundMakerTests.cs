using System.Runtime.InteropServices;
using TgVault.Core.Ingest;
using TgVault.Core.Playback;
using TgVault.Core.Settings;
using TgVault.Core.Tests.Ingest.Rewriting;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Ingest.Prepare;

/// <summary>Sound in files that are no MP4: stored as they are, with an MP4 beside them that HLS and DASH play.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class SoundMakerTests(AzuriteFixture azurite)
{
    // It begins at once, and no two moments of it are alike: an offset would be heard, and seen here.
    const string Sweep = "-f lavfi -i aevalsrc=0.4*sin(2*PI*(200+300*t)*t):s=48000:d=7.2345";
    const string Cover = "-f lavfi -i color=red:size=64x64:rate=1:duration=1";

    [Theory(Timeout = 120_000)]
    [InlineData("-c:a libmp3lame", ".mp3", "mp3 sound transcoded to AAC", false)]
    [InlineData($"{Cover} -map 0 -map 1 -c:v mjpeg -disposition:v attached_pic -c:a libmp3lame", ".mp3", "mp3 sound transcoded", false)]
    [InlineData("-c:a pcm_s24le -ac 2", ".wav", "pcm_s24le sound transcoded to AAC", false)]
    [InlineData("-c:a libvorbis", ".ogg", "vorbis sound transcoded to AAC", false)]
    [InlineData("-c:a flac", ".flac", "every stream copied", true)]
    [InlineData("-c:a libopus", ".ogg", "every stream copied", true)]
    [InlineData("-c:a flac", ".ogg", "every stream copied", true)]
    [InlineData("-c:a aac", ".aac", "every stream copied", true)]
    public async Task It_plays_as_it_is_and_by_segments_with_the_samples_that_it_has(
        string codec,
        string extension,
        string changes,
        bool isCopied
    )
    {
        var path = await Rewriter.MakeAsync($"{Sweep} {codec}", extension);
        var upload = await File.ReadAllBytesAsync(path);
        await using var bench = await IngestBench.OpenAsync(azurite);
        var (id, arrived) = await bench.UploadAsync($"sound{extension}", upload);

        Assert.Equal(StepResult.Done, (await bench.RunAsync(arrived)).Result);

        var video = await bench.ShowAsync(id);
        Assert.Equal(MediaAction.Take, video.Inspection.Decision!.Action);
        Assert.Contains("HLS and DASH play it from an MP4 beside it", video.Inspection.Decision.Reason, StringComparison.Ordinal);
        Assert.Contains(changes, video.Inspection.Decision.Reason, StringComparison.Ordinal);
        Assert.Equal(upload, await bench.PlayAsync(id));
        Assert.Equal(
            [(CompanionKind.Sound, 1, 0, CompanionState.Stored), (CompanionKind.Index, 2, 1, CompanionState.Stored)],
            video.Files.Companions.Select(companion => (companion.Kind, companion.Number, companion.Of, companion.State))
        );

        var files = bench.Get<AdaptiveFiles>();
        var source = await DecodeAsync(path);
        await AssertHeardAsync(source, await SaveAsync((await files.FindFragmentedAsync(video, CancellationToken.None))!), isCopied);
        await AssertHeardAsync(source, await JoinAsync(files, video), isCopied);
        var playlist = await TextAsync((await files.FindHlsAsync(video, CancellationToken.None))!);
        Assert.Contains("#EXT-X-STREAM-INF:", playlist, StringComparison.Ordinal);
        Assert.DoesNotContain("RESOLUTION", playlist, StringComparison.Ordinal);
        var mpd = await TextAsync((await files.FindDashAsync(video, CancellationToken.None))!);
        Assert.Contains("<AdaptationSet contentType=\"audio\"", mpd, StringComparison.Ordinal);
        Assert.DoesNotContain("contentType=\"video\"", mpd, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Where_it_cannot_be_written_it_plays_as_its_file_and_everybody_is_told_why()
    {
        var folder = Directory.CreateTempSubdirectory("tgvault-test-").FullName;
        var script = Path.Combine(folder, "ffmpeg");
        await File.WriteAllTextAsync(script, "#!/bin/sh\necho '[error] No.' >&2\nexit 1\n");
        await Mp4Clips.RunAsync("chmod", $"u+x {script}");
        var ffprobe = RepositoryFolders.Layer() is { Length: > 0 } layer
            ? Path.Combine(layer, "ffprobe")
            : (await Mp4Clips.RunAsync("which", "ffprobe")).Trim();
        File.CreateSymbolicLink(Path.Combine(folder, "ffprobe"), ffprobe);
        var upload = await File.ReadAllBytesAsync(await Rewriter.MakeAsync($"{Sweep} -c:a libmp3lame", ".mp3"));
        await using var bench = await IngestBench.OpenAsync(
            azurite,
            settings => settings with { Ffmpeg = new FfmpegSettings { Folder = folder } }
        );
        var (id, arrived) = await bench.UploadAsync("sound.mp3", upload);

        Assert.Equal(StepResult.Done, (await bench.RunAsync(arrived)).Result);

        var video = await bench.ShowAsync(id);
        Assert.Equal((VideoStatus.Ready, MediaAction.Take), (video.Life.Status, video.Inspection.Decision!.Action));
        Assert.Contains("It plays as one file only, without HLS and DASH: ", video.Inspection.Decision.Reason, StringComparison.Ordinal);
        Assert.Equal(CompanionState.Failed, Assert.Single(video.Files.Companions).State);
        Assert.Equal(upload, await bench.PlayAsync(id));
        var told = await Assert.ThrowsAsync<MediaException>(() => bench.Get<AdaptiveFiles>().FindHlsAsync(video, CancellationToken.None));
        Assert.StartsWith("ffmpeg could not write a playable MP4", told.Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    // At most one frame more than there is, since ffmpeg decodes the last one whole; nothing before, and the samples themselves.
    static async Task AssertHeardAsync(short[] source, string path, bool isCopied)
    {
        const int frame = 4608;
        // What is before 0 is priming, by the edit list.
        var heard = await DecodeAsync(path, "-copyts", "-af atrim=start=0");
        Assert.InRange(heard.Length, source.Length, source.Length + frame);
        if (isCopied)
        {
            Assert.Equal(source, heard.AsSpan(0, source.Length));
            return;
        }

        var (signal, noise) = (0.0, 0.0);
        for (var i = 0; i < source.Length; i++)
        {
            signal += (double)source[i] * source[i];
            noise += Math.Pow(source[i] - heard[i], 2);
        }

        Assert.InRange(10 * Math.Log10(signal / noise), 25, 120);
    }

    static async Task<short[]> DecodeAsync(string path, string before = "", string filter = "")
    {
        var output = Mp4Clips.NewPath(".raw");
        await Mp4Clips.RunAsync("ffmpeg", $"-v error -y {before} -i {path} -map 0:a {filter} -ac 1 -f s16le {output}");
        return MemoryMarshal.Cast<byte, short>(await File.ReadAllBytesAsync(output)).ToArray();
    }

    static async Task<string> JoinAsync(AdaptiveFiles files, Video video)
    {
        var path = Mp4Clips.NewPath(".mp4");
        await using var joined = File.Create(path);
        var names = (IEnumerable<string>)["init.mp4", .. Enumerable.Range(0, 100).Select(number => $"{number}.m4s")];
        foreach (var name in names)
        {
            if (await files.FindOfTrackAsync(video, "0", name, CancellationToken.None) is not { } file)
                break;
            Assert.Equal("audio/mp4", file.ContentType);
            await using var content = file.Content;
            await content.CopyToAsync(joined);
        }

        return path;
    }

    static async Task<string> SaveAsync(AdaptiveFile file)
    {
        var path = Mp4Clips.NewPath(".mp4");
        await using var content = file.Content;
        await using var saved = File.Create(path);
        await content.CopyToAsync(saved);
        return path;
    }

    static async Task<string> TextAsync(AdaptiveFile file)
    {
        using var reader = new StreamReader(file.Content);
        return await reader.ReadToEndAsync();
    }
}
