using System.Buffers.Binary;
using TgVault.Core.Tests.Mp4;
using TgVault.Testing;

namespace TgVault.Core.Tests.Ingest.Rewriting;

/// <summary>Whole files whose containers promise more than is written are whole; those that lack their end are told.</summary>
public sealed class CutShortTests
{
    const string Film = $"{Rewriter.Picture} {Rewriter.Tone} {Rewriter.H264} -g 10 -c:a aac";

    [Fact(Timeout = 60_000)]
    public async Task A_clock_that_begins_later_is_no_loss() =>
        await AssertWholeAsync(
            await Rewriter.MakeAsync($"{Film} -movflags frag_keyframe+empty_moov+default_base_moof -output_ts_offset 20", ".mp4")
        );

    [Fact(Timeout = 60_000)]
    public async Task Neither_is_one_in_Matroska() =>
        await AssertWholeAsync(await Rewriter.MakeAsync($"{Film} -output_ts_offset 40", ".mkv"));

    [Fact(Timeout = 60_000)]
    public async Task A_duration_that_is_wrong_is_no_loss()
    {
        var path = await Rewriter.MakeAsync(Film, ".mkv");
        var bytes = await File.ReadAllBytesAsync(path);
        // Matroska's Duration: an eight-byte float, in milliseconds.
        var at = bytes.AsSpan().IndexOf(new byte[] { 0x44, 0x89, 0x88 }) + 3;
        Assert.InRange(BinaryPrimitives.ReadDoubleBigEndian(bytes.AsSpan(at)), 1900, 2200);
        BinaryPrimitives.WriteDoubleBigEndian(bytes.AsSpan(at), 90_000);
        await File.WriteAllBytesAsync(path, bytes);

        await AssertWholeAsync(path);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_duration_that_is_wrong_in_an_MP4_is_no_loss()
    {
        var path = await Rewriter.MakeAsync(Film, ".mov");
        var bytes = await File.ReadAllBytesAsync(path);
        foreach (var (box, at) in new[] { ("mvhd", 20), ("tkhd", 24) })
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(bytes.AsSpan().IndexOf(Source.Bytes(box)) + at), 90_000);
        await File.WriteAllBytesAsync(path, bytes);

        await AssertWholeAsync(path);
    }

    [Fact(Timeout = 60_000)]
    public async Task Another_video_that_lasts_longer_is_no_loss() =>
        await AssertWholeAsync(
            await Rewriter.MakeAsync(
                $"{Rewriter.Picture} -f lavfi -i testsrc2=size=64x36:rate=10:duration=9 -map 0 -map 1 {Rewriter.H264}",
                ".mkv"
            ),
            sounds: 0
        );

    [Fact(Timeout = 60_000)]
    public async Task Subtitles_that_end_later_are_no_loss()
    {
        var words = Mp4Clips.NewPath(".srt");
        await File.WriteAllTextAsync(words, "1\n00:00:01,000 --> 00:00:59,000\nHello\n");

        await AssertWholeAsync(
            await Rewriter.MakeAsync($"{Rewriter.Picture} {Rewriter.Tone} -i {words} -map 0 -map 1 -map 2 {Rewriter.H264} -c:a aac", ".mkv")
        );
    }

    [Theory(Timeout = 60_000)]
    [InlineData(".mkv", "", 0.6)]
    [InlineData(".mkv", "", 0.3)]
    [InlineData(".webm", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libopus", 0.6)]
    [InlineData(".mkv", "-an", 0.6)]
    [InlineData(".mkv", "-c:a ac3", 0.7)]
    [InlineData(".mp4", "-movflags +faststart", 0.6)]
    [InlineData(".mov", "-c:a pcm_s16le -movflags +faststart", 0.5)]
    public async Task A_file_without_its_end_is_told(string extension, string options, double kept)
    {
        var path = await Rewriter.MakeAsync($"{Film} {options}", extension);
        var bytes = await File.ReadAllBytesAsync(path);
        await File.WriteAllBytesAsync(path, bytes[..(int)(bytes.Length * kept)]);

        var exception = await Assert.ThrowsAsync<MediaException>(() => Rewriter.WriteAsync(path));

        Assert.StartsWith("The file is cut short or damaged: of 2 s only", exception.Message, StringComparison.Ordinal);
    }

    static async Task AssertWholeAsync(string path, int sounds = 1)
    {
        var (written, _) = await Rewriter.WriteAsync(path);

        Assert.Empty(written.Changes);
        Assert.Equal(sounds, written.Media.Tracks.Count(track => track.Codec == "aac"));
        Assert.Equal(2, written.Media.Tracks[0].DurationSeconds!.Value, 0.1);
    }
}
