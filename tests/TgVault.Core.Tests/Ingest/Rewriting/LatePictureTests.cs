using System.Buffers.Binary;
using System.Text;

namespace TgVault.Core.Tests.Ingest.Rewriting;

/// <summary>
/// Pictures that begin behind the sound: the empty edit before them is in ticks of the movie, and some players take these for ticks of the
/// track, so both are the same.
/// </summary>
public sealed class LatePictureTests
{
    const string Sound = "-f lavfi -i sine=frequency=440:sample_rate=48000:duration=3";

    [Theory(Timeout = 60_000)]
    [InlineData("25", "-bf 2 -movflags frag_keyframe+empty_moov+default_base_moof", ".mp4", 0.08)]
    [InlineData("24000/1001", "-bf 0", ".mkv", 0.5)]
    [InlineData("30000/1001", "-bf 0", ".mkv", 2)]
    public async Task The_movie_counts_in_the_ticks_of_late_pictures(string rate, string options, string extension, double late)
    {
        // Without an edit list a fragmented MP4 begins with what its encoder held back.
        var delay = extension == ".mkv" ? $"-itsoffset {late} " : "";
        var path = await Rewriter.MakeAsync(
            $"{Sound} {delay}-f lavfi -i testsrc2=size=64x36:rate={rate}:duration=3 -map 1 -map 0 -c:v libx264 -c:a aac {options}",
            extension
        );

        var (_, output) = await Rewriter.WriteAsync(path, await Rewriter.ProbeAsync(path));

        var bytes = await File.ReadAllBytesAsync(output);
        Assert.Equal(TimescaleOf("mvhd", bytes), TimescaleOf("mdhd", bytes));
        Assert.Equal(late, (await Rewriter.ProbeAsync(output)).Tracks[0].StartSeconds ?? 0, 0.03);
    }

    // In boxes of version 0, the first of which is that of the pictures.
    static uint TimescaleOf(string box, byte[] bytes) =>
        BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(box)) + 16));
}
