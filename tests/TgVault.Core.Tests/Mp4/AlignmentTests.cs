using TgVault.Core.Mp4.Index;
using TgVault.Testing;

namespace TgVault.Core.Tests.Mp4;

/// <summary>What is offered as another size of a video must be that.</summary>
public sealed class AlignmentTests
{
    const string Encode =
        "-an -c:v libx264 -preset ultrafast -pix_fmt yuv420p -bf 0 -fps_mode passthrough -enc_time_base -1 -video_track_timescale 15360";

    // h264-bframes.mp4 has a keyframe every 1.5 s; its segments begin at 0, 6 and 12 s.
    [Theory(Timeout = 120_000)]
    [InlineData("-force_key_frames 0,6,12 -g 1000", null)]
    [InlineData("-force_key_frames 0,3,6,9,12 -g 1000", null)]
    [InlineData("-force_key_frames 0,6 -g 1000", "no keyframe where segment 2 is to begin")]
    [InlineData("-force_key_frames 0,6.1,12 -g 1000", "no keyframe where segment 1 is to begin")]
    [InlineData("-force_key_frames 0,6,12 -g 1000 -frames:v 419", "has 419 pictures, its original 420")]
    [InlineData("-force_key_frames 0,6,12 -g 1000 -vf setpts=if(eq(N\\,77)\\,PTS+100\\,PTS)", "Picture 77 of the rendition")]
    [InlineData("-force_key_frames 0,6,12 -g 1000 -video_track_timescale 30720", "counts 30720 ticks per second")]
    public async Task A_rendition_is_taken_only_with_all_pictures_at_their_times_and_keyframes_where_segments_begin(
        string arguments,
        string? problem
    )
    {
        var source = await Mp4Clips.PathAsync("h264-bframes.mp4");
        var path = Mp4Clips.NewPath(".mp4");
        await Mp4Clips.RunAsync("ffmpeg", $"-v error -i {source} {Encode} {arguments} {path}");
        var (original, rendition) = (await BuildAsync(source), await BuildAsync(path));

        if (problem is null)
        {
            var aligned = Alignment.Align(rendition, original);
            Assert.Equal(original.Segments.Boundaries, aligned.Segments.Boundaries);
            Assert.Equal(
                (original.Tracks[0].Start, original.Tracks[0].End, original.Tracks[0].Origin),
                (aligned.Tracks[0].Start, aligned.Tracks[0].End, aligned.Tracks[0].Origin)
            );
            Assert.Equal(aligned.Encode(), Mp4Index.Decode(aligned.Encode()).Encode());
            return;
        }

        Assert.Contains(
            problem,
            Assert.Throws<MediaException>(() => Alignment.Align(rendition, original)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact(Timeout = 60_000)]
    public async Task Sound_makes_no_rendition()
    {
        var original = await BuildAsync(await Mp4Clips.PathAsync("h264-bframes.mp4"));

        Assert.Throws<MediaException>(() => Alignment.Align(original, original));
    }

    static async Task<Mp4Index> BuildAsync(string path)
    {
        var bytes = await File.ReadAllBytesAsync(path);
        return await Mp4Index.BuildAsync(
            (offset, destination, _) =>
            {
                bytes.AsMemory((int)offset, destination.Length).CopyTo(destination);
                return Task.CompletedTask;
            },
            bytes.Length,
            CancellationToken.None
        );
    }
}
