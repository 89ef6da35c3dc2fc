using System.Globalization;
using System.Text;
using TgVault.Core.Captioning;
using TgVault.Core.Mp4.Fragments;
using TgVault.Core.Playback.Captions;
using TgVault.Core.Playback.Hls;
using TgVault.Core.Playback.Packaging;
using TgVault.Core.Tests.Mp4;
using TgVault.Testing;

namespace TgVault.Core.Tests.Playback.Captions;

public sealed class CaptionSegmentsTests
{
    static readonly CaptionText Captions = SubRip.Read(Encoding.UTF8.GetBytes(CaptionClips.English));

    [Theory(Timeout = 60_000)]
    [InlineData("h264-bframes.mp4")]
    [InlineData("tracks.mp4")]
    [InlineData("late-video.mp4")]
    [InlineData("long-audio.mp4")]
    [InlineData("frame-per-keyframe.mp4")]
    [InlineData("audio-only.m4a")]
    public async Task Segments_begin_with_the_video_s_and_add_up_to_all_of_it(string clip)
    {
        using var source = new Source(await Mp4Clips.PathAsync(clip));
        var index = await source.IndexAsync();

        var text = MediaPlaylist.WriteCaptions(new PackagedVideo(index));

        var lines = text.Split('\n');
        var durations = lines
            .Where(line => line.StartsWith("#EXTINF:", StringComparison.Ordinal))
            .Select(line => decimal.Parse(line[8..^1], CultureInfo.InvariantCulture))
            .ToList();
        var starts = durations.Select((_, number) => (double)durations.Take(number).Sum()).ToList();
        Assert.Equal(index.DurationSeconds, (double)durations.Sum(), 0.000_002);
        var video = MediaSegment.Times(index, 0).Skip(1).Select(time => (double)time.Start / index.Tracks[0].Timescale).ToList();
        Assert.All(video, start => Assert.Contains(starts, other => Math.Abs(other - start) < 0.000_002));
        Assert.Contains($"#EXT-X-TARGETDURATION:{durations.Max(duration => Math.Round(duration, MidpointRounding.AwayFromZero))}", lines);
        Assert.Equal(
            Enumerable.Range(0, durations.Count).Select(number => $"{number}.vtt"),
            lines.Where(line => line.EndsWith(".vtt", StringComparison.Ordinal))
        );
        Assert.Equal("#EXT-X-ENDLIST", lines[^2]);
        Assert.DoesNotContain("EXT-X-MAP", text, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Every_text_is_in_each_segment_that_it_is_shown_in()
    {
        using var source = new Source(await Mp4Clips.PathAsync("h264-bframes.mp4"));
        var index = await source.IndexAsync();
        var video = new PackagedVideo(index);
        var starts = video.SegmentStarts.ToArray();

        for (var number = 0; number < starts.Length - 1; number++)
        {
            var bytes = CaptionSegments.Find(video, Captions, number)!;
            Assert.StartsWith(
                "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n",
                Encoding.UTF8.GetString(bytes),
                StringComparison.Ordinal
            );
            var shown = Captions.Cues.Where(cue =>
                cue.StartMilliseconds * 1000 < starts[number + 1] && cue.EndMilliseconds * 1000 > starts[number]
            );
            Assert.Equal(shown, WebVtt.Read(bytes).Cues);
        }

        Assert.Null(CaptionSegments.Find(video, Captions, -1));
        Assert.Null(CaptionSegments.Find(video, Captions, starts.Length - 1));
    }

    [Fact(Timeout = 60_000)]
    public async Task Where_hidden_pictures_take_a_tick_each_texts_move_with_them()
    {
        var cut = Mp4Clips.NewPath(".mp4");
        await Mp4Clips.RunAsync(
            "ffmpeg",
            $"-hide_banner -loglevel error -ss 2.2 -i {await Mp4Clips.PathAsync("h264-bframes.mp4")} -c copy {cut}"
        );
        using var source = new Source(cut);
        var index = await source.IndexAsync();
        var hidden = (double)(index.Tracks[0].Origin - index.SegmentOrigin(0)) / index.Tracks[0].Timescale;

        // The cut is 0.7 s behind a keyframe: some twenty pictures, together 5 ms at most.
        Assert.InRange(hidden, 0.001, 0.005);
        var moved = WebVtt.Read(CaptionSegments.Whole(new PackagedVideo(index), Captions)).Cues;
        Assert.All(
            moved.Zip(Captions.Cues),
            pair => Assert.Equal(hidden * 1000, pair.First.StartMilliseconds - pair.Second.StartMilliseconds, 1.0)
        );
    }
}
