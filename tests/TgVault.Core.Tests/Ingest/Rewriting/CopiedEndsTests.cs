using TgVault.Core.Tests.Mp4;
using TgVault.Testing;

namespace TgVault.Core.Tests.Ingest.Rewriting;

/// <summary>What an edit list hides at the end of copied tracks stays hidden where ffmpeg writes the file anew.</summary>
public sealed class CopiedEndsTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("ac3", 1024)]
    [InlineData("aac", 1024)]
    [InlineData("ac3", 1024 + 7680)]
    public async Task What_a_cutter_hid_at_the_end_is_not_shown(string sound, int start)
    {
        // Pictures count 12800 ticks a second, sound 48000.
        var path = await Rewriter.MakeAsync($"{Rewriter.Picture} {Rewriter.Tone} {Rewriter.H264} -bf 2 -g 50 -c:a {sound}", ".mp4");
        var film = Mp4Patch.Edits(await File.ReadAllBytesAsync(path), 0, (1200, start));
        film = Mp4Patch.Edits(film, 1, (1200, (start - 1024) * 48000 / 12800));
        await File.WriteAllBytesAsync(path, film);

        var (written, output) = await Rewriter.WriteAsync(path);

        var expected = await Mp4Clips.AllFramesAsync(path, "0:v:0");
        var shown = await Mp4Clips.AllFramesAsync(output, "0:v:0");
        Assert.Equal(30, expected.Length);
        Assert.Equal(expected.Select(frame => frame.Checksum), shown.Select(frame => frame.Checksum));
        Assert.All(written.Media.Tracks, track => Assert.InRange(track.DurationSeconds!.Value, 1.19, 1.25));
        Assert.Equal(1.2, await Mp4Clips.DurationAsync(output), 0.05);
        using var stored = new Source(output);
        Assert.Equal(1.2, (await stored.IndexAsync()).DurationSeconds, 0.05);
    }
}
