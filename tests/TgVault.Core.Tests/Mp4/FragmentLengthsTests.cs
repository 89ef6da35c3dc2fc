using System.Buffers.Binary;
using System.Globalization;
using TgVault.Core.Mp4.Fragments;
using TgVault.Core.Mp4.Index;
using TgVault.Testing;

namespace TgVault.Core.Tests.Mp4;

/// <summary>How long segments and the fragmented file say that they are, where tracks do not begin and end together.</summary>
public sealed class FragmentLengthsTests
{
    [Theory(Timeout = 60_000)]
    [InlineData(9.3, 10)]
    [InlineData(8.2, 10)]
    // Silence is the ingest's affair.
    [InlineData(7, 7)]
    [InlineData(11, 11)]
    public async Task Sound_that_ends_a_little_before_the_pictures_is_drawn_out_in_segments_and_nowhere_else(double seconds, double ends)
    {
        var clip = Mp4Clips.NewPath(".mp4");
        await Mp4Clips.RunAsync(
            "ffmpeg",
            "-loglevel error -f lavfi -i testsrc2=size=64x36:rate=25:duration=10 -f lavfi -i sine=sample_rate=48000:duration="
                + FormattableString.Invariant($"{seconds} -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac {clip}")
        );
        using var source = new Source(clip);
        var index = await source.IndexAsync();
        var rate = (double)index.Tracks[1].Timescale;

        var times = MediaSegment.Times(index, 1);
        Assert.Equal(ends, (times[^1].Start + times[^1].Duration) / rate, 0.03);
        var segment = MediaSegment.Find(index, 1, times.Length - 1)!.Header.Span;
        Assert.Equal(ends - seconds, LastDuration(segment) / rate, 0.03);
        var file = new FragmentedFile(index);
        Assert.Equal(0, LastDuration(file.PartAt(file.LengthBytes - 1).Part.Header.Span) / rate, 0.03);

        // Of the last sample in the last trun: duration and size, and behind them the head of mdat.
        static uint LastDuration(ReadOnlySpan<byte> boxes) => BinaryPrimitives.ReadUInt32BigEndian(boxes[^16..]);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(9.5, 9.5)]
    [InlineData(12, 12)]
    [InlineData(30, 30)]
    public async Task The_last_picture_is_drawn_out_in_segments_where_sound_goes_on_for_a_second_or_more(double seconds, double ends)
    {
        const double pictures = 9;
        var clip = Mp4Clips.NewPath(".mp4");
        await Mp4Clips.RunAsync(
            "ffmpeg",
            $"-loglevel error -f lavfi -i testsrc2=size=64x36:rate=25:duration={pictures} -f lavfi -i sine=sample_rate=48000:duration="
                + FormattableString.Invariant($"{seconds} -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac {clip}")
        );
        using var source = new Source(clip);
        var index = await source.IndexAsync();
        var rate = (double)index.Tracks[0].Timescale;
        ends = ends - pictures < 1 ? pictures : ends;

        var times = MediaSegment.Times(index, 0);
        Assert.Equal(ends, (times[^1].Start + times[^1].Duration) / rate, 0.03);
        Assert.Equal(pictures, MediaSegment.OwnTimes(index, 0)[^1] is var own ? (own.Start + own.Duration) / rate : 0, 0.001);
        var segment = MediaSegment.Find(index, 0, times.Length - 1)!;
        Assert.Equal(ends - pictures + 0.04, LastDuration(segment.Header.Span) / rate, 0.03);
        Assert.Equal(MediaSegment.LengthOf(index, 0, times.Length - 1), segment.LengthBytes);
        using var copy = new Source(await MakePicturesAsync(clip));
        var rendition = Mp4Index.Decode(Alignment.Align(await copy.IndexAsync(), index).Encode());
        Assert.Equal(times.AsEnumerable(), MediaSegment.Times(rendition, 0));

        // Of the last sample in the last trun: duration, size, flags and composition offset, and behind them the head of mdat.
        static uint LastDuration(ReadOnlySpan<byte> boxes) => BinaryPrimitives.ReadUInt32BigEndian(boxes[^24..]);

        static async Task<string> MakePicturesAsync(string clip)
        {
            var path = Mp4Clips.NewPath(".mp4");
            await Mp4Clips.RunAsync("ffmpeg", $"-loglevel error -i {clip} -an -c copy {path}");
            return path;
        }
    }

    // ffmpeg's demuxer counts what is decoded before the beginning. Of sound that is a frame, which cannot be left out.
    [Theory(Timeout = 60_000)]
    [InlineData(5, "-bf 2", "-c:a aac")]
    [InlineData(25, "-bf 3", "-c:a aac")]
    [InlineData(60, "-bf 2", "-c:a libopus")]
    [InlineData(25, "-bf 2", "-an")]
    // One tick a frame: there is no room to decode earlier.
    [InlineData(25, "-bf 2 -video_track_timescale 25", "-c:a aac")]
    public async Task The_fragmented_file_of_a_short_film_is_as_long_as_the_film(int rate, string pictures, string sound)
    {
        var clip = Mp4Clips.NewPath(".mp4");
        await Mp4Clips.RunAsync(
            "ffmpeg",
            $"-loglevel error -f lavfi -i testsrc2=size=64x36:rate={rate}:duration=4 -f lavfi -i sine=sample_rate=48000:duration=4 "
                + $"-c:v libx264 -preset ultrafast -pix_fmt yuv420p {pictures} {sound} {clip}"
        );
        using var source = new Source(clip);
        var index = await source.IndexAsync();
        var whole = Mp4Clips.NewPath(".mp4");
        await File.WriteAllBytesAsync(whole, source.Read(new FragmentedFile(index)));

        var most = pictures.Contains("timescale", StringComparison.Ordinal) ? 0.12 : 0.03;
        Assert.Equal(4, await LengthAsync(whole), most);
        Assert.Equal(await Mp4Clips.FramesAsync(clip), await Mp4Clips.FramesAsync(whole));
    }

    static async Task<double> LengthAsync(string path) =>
        double.Parse(
            await Mp4Clips.RunAsync("ffprobe", $"-v error -show_entries format=duration -of csv=p=0 {path}"),
            CultureInfo.InvariantCulture
        );
}
