using TgVault.Core.Mp4.Fragments;
using TgVault.Testing;

namespace TgVault.Core.Tests.Mp4;

public sealed class FragmentsTests
{
    public static TheoryData<string> Clips =>
        [
            "h264-aac.mp4",
            "h264-bframes.mp4",
            "mov-aac.mov",
            "tracks.mp4",
            "hevc.mp4",
            "vp9-opus.mp4",
            "av1-opus.mp4",
            "flac.mp4",
            "ac3.mp4",
            "eac3.mp4",
            "mp3.mp4",
            "audio-only.m4a",
            "video-only.mp4",
            "long-audio.mp4",
            "late-video.mp4",
            "late-audio.mp4",
            "variable-rate.mp4",
            "frame-per-keyframe.mp4",
            "second.mp4",
            "fragmented.mp4",
            "hevc-hev1.mp4",
            "avc3.mp4",
            "negative-offsets.mp4",
        ];

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Clips))]
    public async Task Segments_and_the_fragmented_file_show_the_same_frames_at_the_same_times(string clip)
    {
        var original = await Mp4Clips.PathAsync(clip);
        using var source = new Source(original);
        var index = await source.IndexAsync();
        var expected = await Mp4Clips.FramesAsync(original, null, CutsFrames(clip));

        var tracks = new List<string>();
        for (var track = 0; track < index.Tracks.Length; track++)
        {
            var path = Mp4Clips.NewPath(".mp4");
            await File.WriteAllBytesAsync(
                path,
                [
                    .. InitSegment.Write(index, track),
                    .. Enumerable
                        .Range(0, MediaSegment.Count(index, track))
                        .SelectMany(number => source.Read(MediaSegment.Find(index, track, number)!)),
                ]
            );
            // Each file has one track, ffmpeg's number 0.
            tracks.AddRange((await Mp4Clips.FramesAsync(path, "0:0", CutsFrames(clip))).Select(line => $"{track}{line[1..]}"));
        }

        Assert.Equal(expected, tracks);

        var file = new FragmentedFile(index);
        var whole = Mp4Clips.NewPath(".mp4");
        await File.WriteAllBytesAsync(whole, source.Read(file));
        Assert.Equal(file.LengthBytes, new FileInfo(whole).Length);
        Assert.Equal(expected, await Mp4Clips.FramesAsync(whole, null, CutsFrames(clip)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Pictures_hidden_before_a_cut_are_hidden_in_one_file_and_pass_in_an_instant_in_segments()
    {
        var cut = Mp4Clips.NewPath(".mp4");
        await Mp4Clips.RunAsync("ffmpeg", $"-loglevel error -ss 5.3 -i {await Mp4Clips.PathAsync("h264-bframes.mp4")} -c copy {cut}");
        using var source = new Source(cut);
        var index = await source.IndexAsync();
        var file = new FragmentedFile(index);
        string whole = Mp4Clips.NewPath(".mp4"),
            pictures = Mp4Clips.NewPath(".mp4");

        await File.WriteAllBytesAsync(whole, source.Read(file));
        await File.WriteAllBytesAsync(
            pictures,
            [
                .. InitSegment.Write(index, 0),
                .. Enumerable
                    .Range(0, MediaSegment.Count(index, 0))
                    .SelectMany(number => source.Read(MediaSegment.Find(index, 0, number)!)),
            ]
        );

        var shown = await Mp4Clips.FramesAsync(cut, "0:v:0");
        Assert.Equal(shown, await Mp4Clips.FramesAsync(whole, "0:v:0"));
        Assert.InRange(index.Tracks[0].Origin - index.Tracks[0].Start, 1, index.Tracks[0].Timescale / 100);
        var all = await Mp4Clips.FramesAsync(pictures, "0:v:0");
        Assert.Equal(shown.Select(Checksum), all.Select(Checksum).TakeLast(shown.Length));
        Assert.InRange(all.Length, shown.Length + 1, shown.Length + 45);

        static string Checksum(string line) => line[line.LastIndexOf(',')..];
    }

    [Fact(Timeout = 60_000)]
    public async Task Any_range_of_the_fragmented_file_is_that_part_of_it()
    {
        using var source = new Source(await Mp4Clips.PathAsync("h264-bframes.mp4"));
        var file = new FragmentedFile(await source.IndexAsync());
        var whole = source.Read(file);
        var random = new Random(1);

        for (var i = 0; i < 60; i++)
        {
            var offset = random.Next(whole.Length);
            var placed = file.PartAt(offset);
            Assert.InRange(offset, placed.Start, placed.End - 1);
            Assert.Equal(whole[(int)placed.Start..(int)placed.End], source.Read(placed.Part));
            var end = offset + random.Next(Math.Min(20_000, (int)placed.End - offset) + 1);
            var media = Math.Max(offset, (int)placed.Start + placed.Part.Header.Length);
            Assert.Equal(media < end ? whole[media..end] : [], placed.RangesOf(offset, end).SelectMany(source.Read).ToArray());
        }

        Assert.Equal(
            whole[^1],
            source.Read(Assert.Single(file.PartAt(whole.Length - 1).RangesOf(whole.Length - 1, whole.Length))).Single()
        );
        Assert.Empty(file.PartAt(whole.Length - 1).RangesOf(whole.Length, whole.Length));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.PartAt(whole.Length));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.PartAt(-1));
    }

    // Their priming is no whole number of frames.
    static bool CutsFrames(string clip) => clip is "ac3.mp4" or "eac3.mp4" or "mp3.mp4";
}
