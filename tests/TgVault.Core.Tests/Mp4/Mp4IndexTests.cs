using System.Buffers.Binary;
using System.Text;
using TgVault.Core.Mp4.Fragments;
using TgVault.Core.Mp4.Index;
using TgVault.Testing;
using Xunit.Abstractions;

namespace TgVault.Core.Tests.Mp4;

public sealed class Mp4IndexTests(ITestOutputHelper output)
{
    // Of three hours: what a cold instance fetches before the first segment.
    const int MostBytes = 1_363_148;

    [Theory(Timeout = 60_000)]
    [InlineData("h264-aac.mp4", "avc1.6400", "mp4a.40.2")]
    [InlineData("hevc.mp4", "hvc1.1.6.L", "mp4a.40.2")]
    [InlineData("hevc-hev1.mp4", "hev1.1.6.L", "mp4a.40.2")]
    [InlineData("avc3.mp4", "avc3.6400", "mp4a.40.2")]
    [InlineData("vp9-opus.mp4", "vp09.00.", "opus")]
    [InlineData("av1-opus.mp4", "av01.0.0", "opus")]
    [InlineData("flac.mp4", "avc1.6400", "flac")]
    [InlineData("ac3.mp4", "avc1.6400", "ac-3")]
    [InlineData("eac3.mp4", "avc1.6400", "ec-3")]
    [InlineData("mp3.mp4", "avc1.6400", "mp4a.6B")]
    [InlineData("mov-aac.mov", "avc1.6400", "mp4a.40.2")]
    public async Task Codecs_are_named_as_browsers_ask_for_them(string clip, string video, string audio)
    {
        using var source = new Source(await Mp4Clips.PathAsync(clip));

        var index = await source.IndexAsync();

        Assert.StartsWith(video, index.Tracks[0].Codec, StringComparison.Ordinal);
        Assert.Equal(audio, index.Tracks[1].Codec);
        Assert.Equal((192, 108), (index.Tracks[0].Width, index.Tracks[0].Height));
        Assert.Equal(48000, index.Tracks[1].SampleRate);
        // Only these configurations tell; the others' sample entries say 2 by convention.
        if (audio is "mp4a.40.2" or "opus" or "flac")
            Assert.Equal(1, index.Tracks[1].Channels);
        Assert.Equal(30, index.Tracks[0].FrameRate, 0.001);
        Assert.Equal(14, index.DurationSeconds, 0.06);
    }

    [Fact(Timeout = 60_000)]
    public async Task Only_the_index_of_a_progressive_file_is_read_and_only_the_heads_of_a_fragmented_one()
    {
        foreach (var clip in (string[])["h264-bframes.mp4", "fragmented.mp4"])
        {
            using var source = new Source(await Mp4Clips.PathAsync(clip));
            await source.IndexAsync();
            Assert.InRange(source.BytesRead, 1, source.LengthBytes * 4 / 5);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Languages_names_and_rotation_are_kept()
    {
        using var source = new Source(await Mp4Clips.PathAsync("tracks.mp4"));
        var turned = await File.ReadAllBytesAsync(await Mp4Clips.PathAsync("video-only.mp4"));
        // A quarter turn in tkhd's matrix (ISO 14496-12 §8.3.2), 44 bytes behind the letters.
        Span<int> matrix = [0, 0x10000, 0, -0x10000, 0];
        var at = turned.AsSpan().IndexOf("tkhd"u8) + 44;
        for (var i = 0; i < matrix.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(turned.AsSpan(at + (4 * i)), matrix[i]);

        Assert.Equal(
            ["und", "eng", "deu"],
            (await source.IndexAsync()).Tracks.Select(track => track.Language.Replace("ger", "deu", StringComparison.Ordinal))
        );
        Assert.Equal(["", "Director", ""], (await source.IndexAsync()).Tracks.Select(track => track.Name));
        Assert.Equal(90, (await new Source(turned).IndexAsync()).Tracks[0].Rotation);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    public void A_film_of_three_hours_has_a_small_index_that_comes_back_as_it_was(int megabits)
    {
        var index = LongVideo.Build(megabits: megabits);

        var encoded = index.Encode();

        output.WriteLine(
            $"{encoded.Length} bytes for {index.Tracks.Sum(track => track.SampleCount)} samples in {index.SegmentCount} segments"
        );
        Assert.Equal(megabits, 8e-6 * LongVideo.PictureBytes(index) / LongVideo.Seconds, 0.01);
        Assert.InRange(encoded.Length, 1, MostBytes);
        var decoded = Mp4Index.Decode(encoded);
        Assert.Equal(encoded, decoded.Encode());
        Assert.Equal(LongVideo.Seconds, decoded.DurationSeconds, 0.1);
        foreach (var number in (int[])[0, 1, decoded.SegmentCount / 2, decoded.SegmentCount - 1])
        {
            for (var track = 0; track < 2; track++)
            {
                var expected = MediaSegment.Find(index, track, number)!;
                var actual = MediaSegment.Find(decoded, track, number)!;
                Assert.Equal(expected.Header.ToArray(), actual.Header.ToArray());
                Assert.Equal(expected.Ranges.ToArray(), actual.Ranges.ToArray());
                Assert.Equal(MediaSegment.LengthOf(decoded, track, number), actual.LengthBytes);
            }
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData("rate-800k.mp4")]
    [InlineData("rate-3m.mp4")]
    [InlineData("rate-8m.mp4")]
    public async Task Three_hours_like_a_real_file_have_a_small_index_at_any_usual_rate(string clip)
    {
        using var source = new Source(await Mp4Clips.PathAsync(clip));
        var index = await source.IndexAsync();

        // A long file has more pages of the same kind; what stands before them depends on its length alone.
        var scale = LongVideo.Seconds / index.DurationSeconds;
        var longIndex = LongVideo.Build();
        var bytes = (PageBytes(index) * scale) + longIndex.Encode().Length - PageBytes(longIndex);

        var samples = index.Tracks.Sum(track => track.SampleCount) * scale;
        output.WriteLine($"{clip}: {bytes:F0} bytes for three hours, {8 * bytes / samples:F1} bits per sample");
        Assert.InRange(bytes, 1, MostBytes);

        static int PageBytes(Mp4Index index) => index.Pages.Sum(page => page.Packed.Length);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_index_of_the_version_before_is_refused()
    {
        var stored = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Mp4", "Stored", "index-version-2.tgvx"));

        Assert.Equal("TGVX\u0002", Encoding.Latin1.GetString(stored, 0, 5));
        Assert.Throws<MediaException>(() => Mp4Index.Decode(stored));
    }

    [Fact]
    public void Segments_are_near_six_seconds_touch_each_other_and_hold_every_byte_once()
    {
        var index = LongVideo.Build(600, isStream: true);

        for (var track = 0; track < 2; track++)
        {
            var times = MediaSegment.Times(index, track);
            for (var i = 1; i < times.Length; i++)
                Assert.Equal(times[i - 1].Start + times[i - 1].Duration, times[i].Start);
            Assert.All(
                times.Take(times.Length - 1),
                time => Assert.InRange(time.Duration / (double)index.Tracks[track].Timescale, 5.9, 6.1)
            );
        }

        var ranges = Enumerable
            .Range(0, index.SegmentCount)
            .SelectMany(number => Enumerable.Range(0, 2).SelectMany(track => MediaSegment.Find(index, track, number)!.Ranges))
            .OrderBy(range => range.Offset)
            .ToList();
        for (var i = 1; i < ranges.Count; i++)
            Assert.Equal(ranges[i - 1].End, ranges[i].Offset);
        Assert.Equal(index.SourceBytes, ranges[^1].End);
    }

    [Fact]
    public void A_damaged_index_is_refused_or_gives_segments_inside_the_file()
    {
        const int rounds = 400;
        var encoded = LongVideo.Build(60).Encode();
        var refused = 0;
        for (var seed = 0; seed < rounds; seed++)
        {
            var damaged = Mutation.Apply(encoded, 0, encoded.Length, seed);
            try
            {
                var index = Mp4Index.Decode(damaged);
                for (var number = 0; number < Math.Min(3, index.SegmentCount); number++)
                {
                    if (MediaSegment.Find(index, 0, number) is { } part)
                        Assert.All(part.Ranges, range => Assert.InRange(range.End, 0, index.SourceBytes));
                }
            }
            catch (MediaException)
            {
                refused++;
            }
        }

        output.WriteLine($"{refused} of {rounds} refused");
        Assert.InRange(refused, rounds / 20, rounds * 19 / 20);
    }
}
