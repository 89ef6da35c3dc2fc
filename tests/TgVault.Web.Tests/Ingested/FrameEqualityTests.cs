using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Web.Tests.Ingested;

/// <summary>
/// Whatever was uploaded, every way of playing it gives every frame of the prepared file, with the same checksum at the same time.
/// Where ffmpeg 5.1 itself reads one way otherwise than another, the difference is stated to the frame.
/// </summary>
[Collection(IngestedCollection.Name)]
public sealed class FrameEqualityTests(IngestedVault vault)
{
    public static TheoryData<string, string> Clips =>
        new()
        {
            { "h264-aac-faststart.mp4", "take" },
            { "h264-bframes.mp4", "relocate" },
            { "hevc.mp4", "relocate" },
            { "vp9-opus.mp4", "relocate" },
            { "av1-opus.mp4", "relocate" },
            { "tracks-subtitles.mkv", "remux" },
            { "vp9-opus.webm", "remux" },
            { "mov-aac.mov", "relocate" },
            { "mov.mov", "remux" },
            { "fragmented.mp4", "remux" },
            { "rotated.mp4", "relocate" },
            { "variable-rate.mp4", "relocate" },
            { "audio-only.m4a", "relocate" },
            { "video-only.mp4", "relocate" },
            { "second.mp4", "take" },
            { "late-video.mp4", "remux" },
            { "little-late-audio.mp4", "remux" },
            { "late-audio.mp4", "remux" },
            { "long-audio.mp4", "relocate" },
            { "mp3.mp4", "remux" },
            { "flac.mp4", "relocate" },
        };

    [Theory(Timeout = 240_000)]
    [MemberData(nameof(Clips))]
    public async Task Every_way_of_playing_shows_every_frame_of_the_prepared_file(string clip, string decision)
    {
        var video = await vault.GetAsync(clip);
        Assert.Equal(decision, video.Decision);
        var expected = await Mp4Clips.AllFramesAsync(video.Prepared);

        Assert.Equal(expected, await Mp4Clips.AllFramesAsync(video.Url("video.mp4")));
        var hidden = await HiddenAsync(video, expected);
        AssertShown(expected, hidden, await Mp4Clips.AllFramesAsync(video.Url("fragmented.mp4")));
        AssertShown(expected, hidden, await Mp4Clips.AllFramesAsync(video.Url("hls/master.m3u8")));
        foreach (var (select, track) in Selectors(video))
        {
            AssertShown(
                expected.Where(frame => frame.Track == track),
                hidden.Where(frame => frame.Track == track),
                (await Mp4Clips.AllFramesAsync(video.Url("dash/manifest.mpd"), $"0:{select}")).Select(frame => frame with { Track = track })
            );
        }

        AssertShownUntilATrackEnds(expected, hidden, await Mp4Clips.AllFramesAsync(video.Url("dash/manifest.mpd")));
    }

    [Theory(Timeout = 240_000)]
    [MemberData(nameof(Clips))]
    public async Task Segments_fetched_in_random_order_hold_every_packet_once(string clip, string decision)
    {
        var video = await vault.GetAsync(clip);
        Assert.Equal(decision, video.Decision);
        var tracks = await video.TracksAsync();

        foreach (var (select, track) in Selectors(video))
        {
            var joined = await tracks[track].JoinAsync();
            var expected = await Mp4Clips.AllPacketsAsync(video.Prepared, $"0:{select}", "-ignore_editlist 1");

            Assert.Equal(video.Index.Tracks[track].SampleCount, expected.Length);
            AssertSamePackets(expected, await Mp4Clips.AllPacketsAsync(joined, "0:0", "-ignore_editlist 1"));
            AssertShownAlike(expected, await Mp4Clips.AllPacketsAsync(video.Url("fragmented.mp4"), $"0:{select}", "-ignore_editlist 1"));
        }
    }

    [Theory(Timeout = 240_000)]
    [MemberData(nameof(Clips))]
    public async Task Ingest_keeps_every_packet_that_it_does_not_have_to_encode_anew(string clip, string decision)
    {
        var video = await vault.GetAsync(clip);
        Assert.Equal(decision, video.Decision);

        var original = await Mp4Clips.AllPacketsAsync(video.Original);
        var prepared = await Mp4Clips.AllPacketsAsync(video.Prepared);

        // No browser plays PCM in MP4, and none MP3 in its segments; sound that begins late gets silence before it.
        if (clip is "mov.mov" or "mp3.mp4" or "late-audio.mp4")
            (original, prepared) = ([.. original.Where(packet => packet.Track == 0)], [.. prepared.Where(packet => packet.Track == 0)]);
        Assert.Equal(
            original.Select(packet => (packet.Track, packet.SizeBytes, packet.Checksum)),
            prepared.Select(packet => (packet.Track, packet.SizeBytes, packet.Checksum))
        );
        // Of pictures that begin late, the first is shown from the start.
        var earlier = clip == "late-video.mp4" ? 1 : 0;
        // Matroska counts in milliseconds.
        var (start, preparedStart) = (original.Min(packet => packet.Seconds), prepared.Min(packet => packet.Seconds));
        Assert.All(
            original.Zip(prepared).Skip(earlier),
            pair => Assert.Equal(pair.First.Seconds - start, pair.Second.Seconds - preparedStart, 0.0011)
        );
    }

    /// <summary>ffmpeg's names of the tracks, and their places in the index.</summary>
    static IEnumerable<(string Select, int Track)> Selectors(IngestedClip video)
    {
        int pictures = 0,
            sounds = 0;
        for (var track = 0; track < video.Index.Tracks.Length; track++)
            yield return (
                video.Index.Tracks[track].Kind == MediaTrackKind.Video
                    ? FormattableString.Invariant($"v:{pictures++}")
                    : FormattableString.Invariant($"a:{sounds++}"),
                track
            );
    }

    // Sound that an edit list puts before the start: priming. ffmpeg drops it of progressive files and keeps it, before 0, of fragmented
    // ones.
    static async Task<Frame[]> HiddenAsync(IngestedClip video, Frame[] expected)
    {
        var all = await Mp4Clips.AllFramesAsync(video.Prepared, options: "-ignore_editlist 1");
        return
        [
            .. expected.Where(frame => frame.Time < 0),
            .. video.Index.Tracks.SelectMany(
                (track, number) =>
                    track.Kind == MediaTrackKind.Video
                        ? []
                        : all.Where(frame => frame.Track == number)
                            .TakeWhile(
                                (_, i) =>
                                    track.Start + all.Where(frame => frame.Track == number).Take(i + 1).Sum(frame => frame.Duration)
                                    <= track.Origin
                            )
            ),
        ];
    }

    static void AssertShown(IEnumerable<Frame> expected, IEnumerable<Frame> hidden, IEnumerable<Frame> actual)
    {
        var frames = actual.ToLookup(frame => frame.Time < 0);
        Assert.Equal(expected.Where(frame => frame.Time >= 0), frames[false]);
        Assert.Equal(hidden.Select(frame => (frame.Track, frame.Checksum)), frames[true].Select(frame => (frame.Track, frame.Checksum)));
    }

    // With several tracks ffmpeg's DASH reader (dashdec.c, dash_read_packet) ends the whole presentation where the first track ends.
    static void AssertShownUntilATrackEnds(Frame[] expected, Frame[] hidden, Frame[] actual)
    {
        const double aheadSeconds = 0.25;
        var end = expected.GroupBy(frame => frame.Track).Min(track => track.Max(frame => frame.EndSeconds));
        var shown = actual.Where(frame => frame.Time >= 0).ToHashSet();
        Assert.Superset(shown, expected.ToHashSet());
        Assert.All(
            expected.Where(frame => frame.Time >= 0 && !shown.Contains(frame)),
            frame => Assert.InRange(frame.EndSeconds, end - aheadSeconds, double.MaxValue)
        );
        Assert.Equal(hidden.Select(frame => frame.Checksum), actual.Where(frame => frame.Time < 0).Select(frame => frame.Checksum));
    }

    // In one file the first pictures are decoded a tick apart (FileTimes): shown they are as ever, and decoded in the same order.
    static void AssertShownAlike(Frame[] expected, Frame[] actual)
    {
        Assert.Equal(
            expected.Select(packet => (packet.Time - expected[0].Time, packet.SizeBytes, packet.Checksum)),
            actual.Select(packet => (packet.Time - actual[0].Time, packet.SizeBytes, packet.Checksum))
        );
        Assert.All(actual.Zip(actual.Skip(1)), pair => Assert.True(pair.First.Decoded < pair.Second.Decoded));
    }

    // Without edit lists only distances compare: fragments begin at another time than the tables of a progressive file.
    static void AssertSamePackets(Frame[] expected, Frame[] actual) =>
        Assert.Equal(
            expected.Select(packet =>
                (packet.Decoded - expected[0].Decoded, packet.Time - expected[0].Time, packet.SizeBytes, packet.Checksum)
            ),
            actual.Select(packet => (packet.Decoded - actual[0].Decoded, packet.Time - actual[0].Time, packet.SizeBytes, packet.Checksum))
        );
}
