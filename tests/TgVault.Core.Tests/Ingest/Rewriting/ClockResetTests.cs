using TgVault.Testing;

namespace TgVault.Core.Tests.Ingest.Rewriting;

/// <summary>MPEG-TS put together of several, whose clock is set back by less than what ffmpeg takes for a new beginning.</summary>
public sealed class ClockResetTests
{
    // Black and silent for a second each.
    const string Pictures = "-f lavfi -i testsrc2=size=128x72:rate=25:duration=3,drawbox=color=black:t=fill:enable='lt(t,1)'";
    const string Sound = "-f lavfi -i sine=frequency=440:sample_rate=48000:duration=3,volume=0:enable='lt(t,1)'";

    [Theory(Timeout = 120_000)]
    // The last frame of these is given only once the next is seen, after the pictures behind it.
    [InlineData("ac3", 2)]
    [InlineData("eac3", 3)]
    [InlineData("aac", 3)]
    public async Task It_goes_on_where_it_is_set_back_with_sound_and_pictures_together(string codec, int parts)
    {
        var part = await File.ReadAllBytesAsync(await Rewriter.MakeAsync($"{Pictures} {Sound} {Rewriter.H264} -bf 2 -c:a {codec}", ".ts"));
        var path = Mp4Clips.NewPath(".ts");
        await File.WriteAllBytesAsync(path, [.. Enumerable.Repeat(part, parts).SelectMany(bytes => bytes)]);

        var (written, output) = await Rewriter.WriteAsync(path);

        Assert.Equal(3.0 * parts, written.Media.DurationSeconds, 0.1);
        Assert.Equal(75 * parts, (await Mp4Clips.FramesAsync(output, "v:0")).Length);
        var black = await Rewriter.MeasureAsync(output, "v:0", "blackdetect=d=0.5", "black_end:");
        var silent = await Rewriter.MeasureAsync(output, "a:0", "silencedetect=d=0.5:noise=-40dB", "silence_end:");
        Assert.Equal(parts, black.Length);
        Assert.All(Enumerable.Range(0, parts), number => Assert.Equal(1 + (3 * number), black[number], 0.1));
        Assert.All(black.Zip(silent), pair => Assert.Equal(pair.First, pair.Second, 0.04));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_pause_of_the_clock_stays()
    {
        var path = await Rewriter.MakeAsync($"{Pictures} {Sound} {Rewriter.H264} -bf 2 -c:a ac3", ".ts");
        var later = await Rewriter.MakeAsync($"-i {path} -c copy -output_ts_offset 8", ".ts");
        await File.AppendAllBytesAsync(path, await File.ReadAllBytesAsync(later));

        var (written, _) = await Rewriter.WriteAsync(path);

        Assert.InRange(written.Media.DurationSeconds, 9, 11.2);
        Assert.Empty(written.Changes);
    }
}
