using TgVault.Testing;

namespace TgVault.Web.Tests.Ingested;

/// <summary>What was relocated shows the upload's frames, and is to players what ffmpeg's own second pass would have made.</summary>
[Collection(IngestedCollection.Name)]
public sealed class RelocatedTests(IngestedVault vault)
{
    public static TheoryData<string> Clips =>
        [.. FrameEqualityTests.Clips.Where(row => (string)row[1] == "relocate").Select(row => (string)row[0])];

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Clips))]
    public async Task A_relocated_file_shows_what_ffmpegs_faststart_would(string clip)
    {
        var video = await vault.GetAsync(clip);
        var reference = Mp4Clips.NewPath(Path.GetExtension(clip));
        await Mp4Clips.RunAsync(
            "ffmpeg",
            $"-loglevel error -i {video.Original} -map 0:v? -map 0:a? -c copy -strict -2 -movflags +faststart {reference}"
        );

        var frames = await Mp4Clips.AllFramesAsync(video.Prepared);

        Assert.Equal(await Mp4Clips.AllFramesAsync(video.Original), frames);
        Assert.Equal(await Mp4Clips.AllFramesAsync(reference), frames);
        Assert.Equal(await Mp4Clips.DurationAsync(video.Original), await Mp4Clips.DurationAsync(video.Prepared));
        // ffmpeg tells the last piece of sound whole where the upload's edit list ends within it.
        const double piece = 1024.0 / 48000;
        Assert.Equal(await Mp4Clips.DurationAsync(reference), await Mp4Clips.DurationAsync(video.Prepared), piece);
    }
}
