using System.Buffers.Binary;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Tests.Mp4;
using TgVault.Testing;

namespace TgVault.Core.Tests.Ingest.Rewriting;

/// <summary>Sound ends where it ended, to the sample, where an MP4 can say so: codecs fill their last frame up.</summary>
public sealed class SoundEndTests
{
    // No whole number of frames, nor of milliseconds.
    const int Samples = 59_257;
    const string Tone = "-f lavfi -i sine=frequency=440:sample_rate=48000:duration=2,atrim=end_sample=59257";

    [Theory(Timeout = 60_000)]
    [InlineData("-c:a pcm_s16le", ".wav", 1)]
    [InlineData("-c:a libmp3lame", ".mp3", 1)]
    [InlineData("-c:a flac", ".flac", 1)]
    [InlineData("-c:a libvorbis", ".ogg", 1)]
    [InlineData("-c:a libopus", ".ogg", 1)]
    [InlineData("-c:a pcm_s16le -ar 44100", ".wav", 44100 / 48000.0)]
    public async Task What_is_written_ends_with_the_last_sample_of_the_source(string codec, string extension, double scale)
    {
        var path = await Rewriter.MakeAsync($"{Tone} {codec}", extension);
        // Some codecs say it in whole milliseconds, or not: what ffmpeg decodes of it is what there is.
        var expected = await DecodedAsync(path);
        Assert.Equal(Samples * scale, expected, 1.0);

        // As beside a file that is taken as it is (MediaPlan.SoundBeside).
        var media = await Rewriter.ProbeAsync(path) with
        {
            Container = "",
        };
        var (written, output) = await Rewriter.WriteAsync(path, media);

        Assert.Single(written.Media.Tracks);
        using var stored = new Source(output);
        Assert.Equal(expected, Shown(await stored.IndexAsync()));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("aac", 48000, Samples)]
    [InlineData("aac", 96000, Samples)]
    [InlineData("libopus", 48000, Samples)]
    // To the tick of the movie.
    [InlineData("aac", 1000, 59_232)]
    [InlineData("libopus", 1000, 59_280)]
    [InlineData("libopus", 600, 59_280)]
    public async Task An_edit_list_ends_the_last_frame(string codec, int movieTimescale, int expected)
    {
        var path = await Rewriter.MakeAsync($"{Tone} -c:a {codec} -movie_timescale {movieTimescale}", ".mp4");
        var bytes = await File.ReadAllBytesAsync(path);
        // As other programs write it: every frame lasts as long as the first, and only the list knows the end.
        var table = bytes.AsSpan(bytes.AsSpan().IndexOf("stts"u8));
        Assert.Equal(2, BinaryPrimitives.ReadInt32BigEndian(table[8..]));
        table.Slice(16, 4).CopyTo(table[24..]);
        await File.WriteAllBytesAsync(path, bytes);

        using var stored = new Source(path);
        var index = await stored.IndexAsync();

        Assert.Equal(expected, Shown(index));
        var samples = 0L;
        index.ReadSamples(0, 0, index.Tracks[0].SampleCount, sample => samples += sample.Duration);
        Assert.Equal(expected, samples - index.Tracks[0].Origin);
    }

    static long Shown(Mp4Index index) => index.Tracks[0].End - index.Tracks[0].Origin;

    static async Task<long> DecodedAsync(string path)
    {
        var output = Mp4Clips.NewPath(".raw");
        await Mp4Clips.RunAsync("ffmpeg", $"-v error -y -i {path} -ac 1 -f s16le {output}");
        return new FileInfo(output).Length / 2;
    }
}
