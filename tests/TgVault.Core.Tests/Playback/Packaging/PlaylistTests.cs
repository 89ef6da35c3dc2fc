using System.Globalization;
using System.Xml.Linq;
using TgVault.Core.Mp4.Fragments;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Playback.Captions;
using TgVault.Core.Playback.Dash;
using TgVault.Core.Playback.Hls;
using TgVault.Core.Playback.Packaging;
using TgVault.Core.Tests.Mp4;
using TgVault.Testing;
using Xunit.Abstractions;

namespace TgVault.Core.Tests.Playback.Packaging;

public sealed class PlaylistTests(ITestOutputHelper output)
{
    [Theory(Timeout = 60_000)]
    [InlineData("h264-bframes.mp4")]
    [InlineData("tracks.mp4")]
    [InlineData("vp9-opus.mp4")]
    [InlineData("long-audio.mp4")]
    [InlineData("audio-only.m4a")]
    [InlineData("video-only.mp4")]
    public async Task HLS_and_DASH_show_the_same_frames_as_the_file(string clip)
    {
        var original = await Mp4Clips.PathAsync(clip);
        var folder = await WriteTreeAsync(original);

        Assert.Equal(await Mp4Clips.FramesAsync(original), await Mp4Clips.FramesAsync(Path.Combine(folder, "hls", "master.m3u8")));
        // Track by track: ffmpeg's DASH reader loses what one track still has when another ends, in its own files too.
        foreach (var select in (string[])["v:0", "a:0", "a:1"])
        {
            if (await Mp4Clips.HasAsync(original, select))
                Assert.Equal(
                    await Mp4Clips.FramesAsync(original, $"0:{select}"),
                    await Mp4Clips.FramesAsync(Path.Combine(folder, "dash", "manifest.mpd"), $"0:{select}")
                );
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task The_multivariant_playlist_tells_what_there_is()
    {
        using var source = new Source(await Mp4Clips.PathAsync("tracks.mp4"));
        var index = await source.IndexAsync();

        var lines = MultivariantPlaylist
            .Write(
                [new VideoEncoding("", new PackagedVideo(index))],
                [new CaptionTrack("en", "English \"CC\"\n", "captions/en.m3u8", "../captions/en.vtt")]
            )
            .Split('\n');

        Assert.Equal(["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"], lines[..3]);
        Assert.Contains(
            "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"mp4a.40.2\",NAME=\"Director\","
                + "LANGUAGE=\"en\",DEFAULT=YES,AUTOSELECT=YES,CHANNELS=\"1\",URI=\"1/media.m3u8\"",
            lines
        );
        Assert.Contains(
            "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"mp4a.40.2\",NAME=\"de\","
                + "LANGUAGE=\"de\",DEFAULT=NO,AUTOSELECT=YES,CHANNELS=\"1\",URI=\"2/media.m3u8\"",
            lines
        );
        Assert.Contains(
            "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"captions\",NAME=\"English 'CC'\","
                + "LANGUAGE=\"en\",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI=\"captions/en.m3u8\"",
            lines
        );
        var variant = Assert.Single(lines, line => line.StartsWith("#EXT-X-STREAM-INF:", StringComparison.Ordinal));
        Assert.Contains(
            $"CODECS=\"{index.Tracks[0].Codec},mp4a.40.2\",RESOLUTION=192x108,"
                + "FRAME-RATE=30.000,AUDIO=\"mp4a.40.2\",SUBTITLES=\"captions\",CLOSED-CAPTIONS=NONE",
            variant,
            StringComparison.Ordinal
        );
        Assert.Equal("0/media.m3u8", lines[Array.IndexOf(lines, variant) + 1]);
        Assert.Single(
            lines,
            line =>
                line.StartsWith("#EXT-X-I-FRAME-STREAM-INF:", StringComparison.Ordinal)
                && line.EndsWith("URI=\"0/pictures.m3u8\"", StringComparison.Ordinal)
        );
    }

    [Fact(Timeout = 60_000)]
    public async Task Bandwidths_are_those_of_the_segments()
    {
        using var source = new Source(await Mp4Clips.PathAsync("video-only.mp4"));
        var index = await source.IndexAsync();

        var text = MultivariantPlaylist.Write([new VideoEncoding("", new PackagedVideo(index))], []);

        var times = MediaSegment.Times(index, 0);
        var lengths = times.Select((_, number) => (double)MediaSegment.Find(index, 0, number)!.LengthBytes).ToList();
        var rates = times.Select((time, number) => lengths[number] * 8 / time.Duration * index.Tracks[0].Timescale).ToList();
        var (peak, average) = (Number(text, ":BANDWIDTH="), Number(text, "AVERAGE-BANDWIDTH="));
        // The last segment is short, so it counts only together with the one before.
        Assert.Equal(rates.SkipLast(1).Max(), peak, 1.0);
        Assert.Equal(lengths.Sum() * 8 / times.Sum(time => time.Duration) * index.Tracks[0].Timescale, average, 1.0);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("h264-bframes.mp4")]
    [InlineData("variable-rate.mp4")]
    [InlineData("frame-per-keyframe.mp4")]
    public async Task Durations_in_playlists_add_up_exactly(string clip)
    {
        using var source = new Source(await Mp4Clips.PathAsync(clip));
        var index = await source.IndexAsync();

        for (var track = 0; track < index.Tracks.Length; track++)
        {
            var text = MediaPlaylist.Write(index, track);
            var lines = text.Split('\n');
            var durations = lines
                .Where(line => line.StartsWith("#EXTINF:", StringComparison.Ordinal))
                .Select(line => decimal.Parse(line[8..^1], CultureInfo.InvariantCulture))
                .ToList();
            // What lies before the origin is not shown.
            var whole =
                (index.Tracks[track].End - Math.Max(index.Tracks[track].Origin, index.Tracks[track].Start))
                / (decimal)index.Tracks[track].Timescale;
            // The last of a sound that ends before the pictures lasts until they end.
            var pictures = (index.Tracks[0].End - index.SegmentOrigin(0)) / (decimal)index.Tracks[0].Timescale;
            var isDrawnOut = track > 0 && pictures - whole is > 0 and < 2;
            var (length, most) = isDrawnOut ? (pictures, 1m / index.Tracks[track].Timescale) : (whole, 0.000001m);
            Assert.InRange(durations.Sum(), length - most, length + most);
            Assert.All(
                durations,
                duration => Assert.InRange(Math.Round(duration, MidpointRounding.AwayFromZero), 0, (decimal)Number(text, "TARGETDURATION:"))
            );
            Assert.Equal(durations.Count, lines.Count(line => line.EndsWith(".m4s", StringComparison.Ordinal)));
            Assert.Equal("#EXT-X-ENDLIST", lines[^2]);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_picture_for_winding_is_a_keyframe_that_decodes_by_itself()
    {
        using var source = new Source(await Mp4Clips.PathAsync("h264-bframes.mp4"));
        var index = await source.IndexAsync();

        for (var number = 0; number < MediaSegment.Count(index, 0); number++)
        {
            var picture = MediaSegment.FindPicture(index, 0, number)!;
            var path = Mp4Clips.NewPath(".mp4");
            await File.WriteAllBytesAsync(path, [.. InitSegment.Write(index, 0), .. source.Read(picture)]);
            Assert.Single(await Mp4Clips.FramesAsync(path));
            Assert.Equal(MediaSegment.PictureLengthOf(index, number), picture.LengthBytes);
        }

        Assert.Contains("#EXT-X-I-FRAMES-ONLY", MediaPlaylist.WritePictures(index), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_MPD_is_well_formed_whatever_names_hold()
    {
        using var source = new Source(await Mp4Clips.PathAsync("tracks.mp4"));
        var index = await source.IndexAsync();

        var mpd = XDocument.Parse(
            Mpd.Write(
                [new VideoEncoding("", new PackagedVideo(index)), new VideoEncoding("720p/", new PackagedVideo(index))],
                [new CaptionTrack("en", "<&\">", "x", "../captions/en.vtt?a=1&b=2")],
                "../hls/"
            )
        );

        XNamespace dash = "urn:mpeg:dash:schema:mpd:2011";
        Assert.Equal(
            ["video", "audio", "audio", "text"],
            mpd.Descendants(dash + "AdaptationSet").Select(set => (string?)set.Attribute("contentType"))
        );
        Assert.Equal(
            ["0", "720p/0", "1", "2", "captions-en"],
            mpd.Descendants(dash + "Representation").Select(representation => (string?)representation.Attribute("id"))
        );
        Assert.Equal("../hls/720p/0/init.mp4", (string?)mpd.Descendants(dash + "SegmentTemplate").ElementAt(1).Attribute("initialization"));
    }

    [Fact(Timeout = 60_000)]
    public async Task The_MPD_tells_colours_that_all_sizes_have_and_HLS_those_of_each()
    {
        using Source known = new(await Mp4Clips.PathAsync("hdr-vp9.mp4")),
            unknown = new(await Mp4Clips.PathAsync("video-only.mp4"));
        var (high, standard) = (
            new VideoEncoding("", new PackagedVideo(await known.IndexAsync())),
            new VideoEncoding("108p/", new PackagedVideo(await unknown.IndexAsync()))
        );

        Assert.Contains(
            "cicp:TransferCharacteristics\" value=\"16\"",
            Mpd.Write([high, high with { Path = "240p/" }], [], "../hls/"),
            StringComparison.Ordinal
        );
        // A set for each range, since a player may not switch from one to the other: only one of them says what it is.
        XNamespace dash = "urn:mpeg:dash:schema:mpd:2011";
        var sets = XDocument.Parse(Mpd.Write([high, standard], [], "../hls/")).Descendants(dash + "AdaptationSet");
        Assert.Equal([true, false], sets.Select(set => set.ToString().Contains("cicp", StringComparison.Ordinal)));
        var variants = MultivariantPlaylist
            .Write([high, standard], [])
            .Split('\n')
            .Where(line => line.Contains("STREAM-INF:", StringComparison.Ordinal));
        Assert.Equal([true, true, false, false], variants.Select(line => line.Contains(",VIDEO-RANGE=PQ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Playlists_of_three_hours_in_two_languages_take_at_most_ten_times_the_memory_of_their_text()
    {
        const int MostTimes = 10;
        var index = Mp4Index.Decode(LongVideo.Build(sounds: 2).Encode());
        // Nothing of an earlier round is kept.
        VideoEncoding[] Encodings() => [new VideoEncoding("", new PackagedVideo(index))];
        List<(string Name, Func<string> Write)> playlists =
        [
            ("multivariant playlist", () => MultivariantPlaylist.Write(Encodings(), [])),
            ("playlist of the pictures", () => MediaPlaylist.Write(index, 0)),
            ("playlist of the first language", () => MediaPlaylist.Write(index, 1)),
            ("playlist of the second language", () => MediaPlaylist.Write(index, 2)),
            ("playlist for winding", () => MediaPlaylist.WritePictures(index)),
            ("MPD", () => Mpd.Write(Encodings(), [], "../hls/")),
        ];

        var (allocated, written) = (0L, 0L);
        foreach (var (name, write) in playlists)
        {
            // What is kept for later playlists, and what the runtime allocates once.
            write();
            var before = GC.GetAllocatedBytesForCurrentThread();
            var text = write();
            var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            output.WriteLine($"{name}: {text.Length} characters, {bytes} bytes");
            allocated += bytes;
            written += sizeof(char) * text.Length;
        }

        Assert.InRange(allocated, written, MostTimes * written);
    }

    static double Number(string text, string before) =>
        double.Parse(
            text[(text.IndexOf(before, StringComparison.Ordinal) + before.Length)..].Split(',', '\n')[0],
            CultureInfo.InvariantCulture
        );

    // What the HTTP routes answer, as files.
    static async Task<string> WriteTreeAsync(string original)
    {
        using var source = new Source(original);
        var index = await source.IndexAsync();
        var folder = Mp4Clips.NewPath("");
        var hls = Directory.CreateDirectory(Path.Combine(folder, "hls")).FullName;
        var dash = Directory.CreateDirectory(Path.Combine(folder, "dash")).FullName;
        VideoEncoding[] encodings = [new VideoEncoding("", new PackagedVideo(index))];
        await File.WriteAllTextAsync(Path.Combine(hls, "master.m3u8"), MultivariantPlaylist.Write(encodings, []));
        await File.WriteAllTextAsync(Path.Combine(dash, "manifest.mpd"), Mpd.Write(encodings, [], "../hls/"));
        for (var track = 0; track < index.Tracks.Length; track++)
        {
            var files = Directory.CreateDirectory(Path.Combine(hls, SegmentNames.Folder(track))).FullName;
            await File.WriteAllTextAsync(Path.Combine(files, SegmentNames.Playlist), MediaPlaylist.Write(index, track));
            await File.WriteAllBytesAsync(Path.Combine(files, SegmentNames.Init), InitSegment.Write(index, track));
            for (var number = 0; number < MediaSegment.Count(index, track); number++)
            {
                await File.WriteAllBytesAsync(
                    Path.Combine(files, SegmentNames.Segment(number)),
                    source.Read(MediaSegment.Find(index, track, number)!)
                );
            }
        }

        return folder;
    }
}
