using TgVault.Core.Mp4.Fragments;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Mp4.Movie;
using TgVault.Core.Playback.Hls;
using TgVault.Core.Playback.Packaging;
using TgVault.Testing;

namespace TgVault.Core.Tests.Mp4;

/// <summary>Tables that real programs write and that no one would: what is made of them is what ffmpeg makes of them.</summary>
public sealed class OddTablesTests
{
    const string Stts = "moov/trak[0]/mdia/minf/stbl/stts";

    static readonly Lazy<Task<byte[]>> Film = new(() => MakeAsync("-map 0 -map 1 -c:v libx264 -preset ultrafast -bf 2 -g 25 -c:a aac"));

    public static TheoryData<int[]> StepsBack =>
        new()
        {
            { [50, 512, 1, -100, 49, 512] },
            { [10, 512, 1, -512, 89, 512] },
            { [20, 512, 2, -3000, 78, 512] },
            { [99, 512, 1, -7] },
        };

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(StepsBack))]
    public async Task A_step_back_in_time_is_what_it_is_for_ffmpeg(int[] durations)
    {
        var bytes = Mp4Patch.Table(await Film.Value, Stts, [.. durations.Chunk(2)]);

        await AssertSamePicturesAsync(bytes);
        Assert.Equal(4, (await IndexAsync(bytes)).DurationSeconds, 0.05);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(50, int.MinValue)]
    [InlineData(99, int.MinValue + 1)]
    [InlineData(99, int.MaxValue)]
    public async Task A_duration_of_hours_does_not_lengthen_what_the_edit_list_shows(int before, int duration)
    {
        int[][] behind =
            before < 99
                ?
                [
                    [99 - before, 512],
                ]
                : [];
        var bytes = Mp4Patch.Table(
            await Film.Value,
            Stts,
            [
                [before, 512],
                [1, duration],
                .. behind,
            ]
        );

        var index = await IndexAsync(bytes);

        Assert.Equal(4, index.DurationSeconds, 0.05);
        Assert.Equal(100, index.Tracks[0].SampleCount);
        Assert.InRange(MediaSegment.Times(index, 0).Sum(time => time.Duration), 0, 4.1 * index.Tracks[0].Timescale);
    }

    [Theory]
    [InlineData(0, "eng")]
    [InlineData(1, "fra")]
    [InlineData(2, "deu")]
    [InlineData(11, "jpn")]
    [InlineData(33, "zho")]
    [InlineData(94, "epo")]
    [InlineData(95, "und")]
    [InlineData(128, "cym")]
    [InlineData(150, "aze")]
    [InlineData(151, "und")]
    [InlineData(0x7FFF, "und")]
    [InlineData(0x55C4, "und")]
    [InlineData(0x15C7, "eng")]
    public void A_language_is_QuickTimes_number_or_three_letters(int number, string expected) =>
        Assert.Equal(expected, MediaLanguage.OfNumber((ushort)number));

    [Theory(Timeout = 120_000)]
    [InlineData(1, "", "fra", "fr", "fra")]
    [InlineData(0x7FFF, "", "und", null, "und")]
    [InlineData(0x10B5, "de-CH", "de-CH", "de-CH", "deu")]
    [InlineData(0x55C4, "zh-Hant-TW", "zh-Hant-TW", "zh-Hant-TW", "zho")]
    [InlineData(0x10B5, "de", "deu", "de", "deu")]
    [InlineData(0x15C7, "not a tag!", "eng", "en", "eng")]
    public async Task Playlists_and_segments_tell_the_language_of_every_sound(
        int number,
        string extended,
        string language,
        string? listed,
        string letters
    )
    {
        var bytes = Mp4Patch.Write(await Film.Value, "moov/trak[1]/mdia/mdhd", 20, [new[] { (byte)(number >> 8), (byte)number }]);
        if (extended.Length > 0)
            bytes = Mp4Patch.Append(bytes, "moov/trak[1]/mdia", Source.Box("elng", 0, extended, new byte[1]));

        var index = await IndexAsync(bytes);
        var playlist = MultivariantPlaylist.Write([new VideoEncoding("", new PackagedVideo(index))], []);
        var segment = Mp4Clips.NewPath(".mp4");
        await File.WriteAllBytesAsync(
            segment,
            [.. InitSegment.Write(index, 1), .. new Source(bytes).Read(MediaSegment.Find(index, 1, 0)!)]
        );

        Assert.Equal(language, index.Tracks[1].Language);
        Assert.Equal(listed is not null, playlist.Contains("LANGUAGE=", StringComparison.Ordinal));
        Assert.Contains(listed is null ? "TYPE=AUDIO" : $"LANGUAGE=\"{listed}\"", playlist, StringComparison.Ordinal);
        Assert.Equal(
            letters,
            (await Mp4Clips.RunAsync("ffprobe", $"-v error -show_entries stream_tags=language -of csv=p=0 {segment}")).Trim()
        );
    }

    public static TheoryData<string, int[], int[]> Pieces =>
        new()
        {
            // Lengths in milliseconds and media times in ticks of 1/12800 and 1/48000 s.
            { "forwards", [1000, 1024, 1000, 26624], [1000, 1024, 1000, 97024] },
            { "backwards", [1000, 26624, 1000, 1024], [1000, 97024, 1000, 1024] },
            { "between sync samples", [700, 1024 + 5120, 900, 26624 + 3584, 500, 40960], [700, 19200, 900, 110464, 500, 150000] },
            { "the same twice", [600, 13824, 600, 13824], [600, 48000, 600, 48000] },
            { "one that begins between sync samples", [2000, 1024 + 8704], [2000, 1024 + 32640] },
        };

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Pieces))]
    public async Task Pieces_are_shown_one_behind_the_other(string name, int[] pictures, int[] sound)
    {
        Assert.NotEmpty(name);
        var bytes = Mp4Patch.Edits(await Film.Value, 0, [.. pictures.Chunk(2).Select(edit => (edit[0], edit[1]))]);
        bytes = Mp4Patch.Edits(bytes, 1, [.. sound.Chunk(2).Select(edit => (edit[0], edit[1]))]);

        await AssertSamePicturesAsync(bytes);
        var index = await IndexAsync(bytes);
        Assert.Equal(pictures.Where((_, i) => i % 2 == 0).Sum() / 1000.0, index.DurationSeconds, 0.025);
        Assert.All(index.Tracks, track => Assert.Equal(index.DurationSeconds, (track.End - track.Origin) / (double)track.Timescale, 0.025));
    }

    // One of each three pictures is decoded for the two before it.
    [Fact(Timeout = 120_000)]
    public async Task An_end_between_pictures_that_need_one_another_is_kept()
    {
        var film = await MakeAsync("-c:v libx264 -preset veryfast -bf 2 -b_strategy 0 -g 100 -c:a aac");
        for (var pictures = 30; pictures < 33; pictures++)
        {
            var bytes = Mp4Patch.Edits(Mp4Patch.Edits(film, 0, (pictures * 40, 1024)), 1, (pictures * 40, 1024));

            await AssertSamePicturesAsync(bytes);
            var lead = (await IndexAsync(bytes)).Tracks[0];
            Assert.Equal(pictures / 25.0, (lead.End - lead.Origin) / (double)lead.Timescale, 0.001);
            Assert.InRange(lead.SampleCount, pictures, pictures + 1);
        }
    }

    // ffmpeg shows an edit without media as if it began at the media's start, where it does not come first.
    [Fact(Timeout = 120_000)]
    public async Task A_pause_between_pieces_holds_the_last_picture()
    {
        var bytes = Mp4Patch.Edits(await Film.Value, 0, (500, 1024), (400, -1), (600, 26624));

        var index = await IndexAsync(Mp4Patch.Edits(bytes, 1, (500, 1024), (400, -1), (600, 97024)));

        Assert.Equal(1.5, index.DurationSeconds, 0.025);
        var times = new List<long>();
        index.ReadSamples(0, 0, index.Tracks[0].SampleCount, sample => times.Add(sample.Duration));
        Assert.Equal(0.42, times.Max() / (double)index.Tracks[0].Timescale, 0.02);
    }

    [Fact(Timeout = 120_000)]
    public async Task Hidden_pictures_pass_in_an_instant_however_long_a_tick_is()
    {
        // A timescale of 25: one tick is a picture.
        var film = await MakeAsync("-map 0 -c:v libx264 -preset ultrafast -bf 0 -g 100 -video_track_timescale 25");
        var bytes = Mp4Patch.Edits(film, 0, (1000, 37));

        var index = await IndexAsync(bytes);

        Assert.Equal(1, index.DurationSeconds, 0.001);
        var lead = index.Tracks[0];
        Assert.InRange(lead.Origin - lead.Start, 37, lead.Timescale / 100);
    }

    [Fact(Timeout = 120_000)]
    public async Task Decoding_begins_at_the_first_picture_where_the_table_of_sync_samples_is_empty()
    {
        var index = await IndexAsync(Mp4Patch.Table(await Film.Value, "moov/trak[0]/mdia/minf/stbl/stss"));

        var isSync = new List<bool>();
        index.ReadSamples(0, 0, 100, sample => isSync.Add(sample.IsSync));
        Assert.Equal([true, .. Enumerable.Repeat(false, 99)], isSync);
    }

    // Of sound before the beginning comes what decoders need: a frame of AAC beside the one that the beginning lies in.
    [Theory(Timeout = 120_000)]
    [InlineData(1024)]
    [InlineData(2112)]
    [InlineData(1024 + 48000)]
    [InlineData(1024 + 32640)]
    public async Task Little_sound_is_kept_before_the_beginning(int start)
    {
        var film = Mp4Patch.Edits(await Film.Value, 0, (2000, 1024 + 12800));

        var sound = (await IndexAsync(Mp4Patch.Edits(film, 1, (2000, start)))).Tracks[1];

        Assert.InRange(sound.Origin - sound.Start, start == 1024 ? 1024 : 1025, 2048);
    }

    // As ffmpeg writes a first sample whose fragment names a wrong duration.
    [Fact(Timeout = 120_000)]
    public async Task What_lasts_too_long_before_the_beginning_is_no_priming()
    {
        const int stored = 11_520;
        var film = Mp4Patch.Change(
            await Film.Value,
            "moov/trak[1]/mdia/minf/stbl/stts",
            payload =>
                [
                    .. payload[..4],
                    .. Source.Bytes(2),
                    .. Source.Bytes(1),
                    .. Source.Bytes(stored),
                    .. Source.Bytes(188),
                    .. Source.Bytes(1024),
                ]
        );

        var sound = (await IndexAsync(Mp4Patch.Edits(film, 1, (3000, stored)))).Tracks[1];

        Assert.Equal(sound.Origin, sound.Start);
    }

    // The same pictures within two pictures' time of ffmpeg's: where times go back it takes those of decoding, and between pieces it rounds
    // to pictures. Those that only others need are left over; each lies right before another, or behind the last.
    static async Task AssertSamePicturesAsync(byte[] bytes)
    {
        const double oneInstant = 0.01,
            twoPictures = 0.085;
        var original = Mp4Clips.NewPath(".mp4");
        await File.WriteAllBytesAsync(original, bytes);
        var index = await IndexAsync(bytes);
        var source = new Source(bytes);
        var pictures = Mp4Clips.NewPath(".mp4");
        var segments = Enumerable.Range(0, MediaSegment.Count(index, 0)).Select(number => MediaSegment.Find(index, 0, number)!);
        await File.WriteAllBytesAsync(pictures, [.. InitSegment.Write(index, 0), .. segments.SelectMany(source.Read)]);

        var expected = await Mp4Clips.AllFramesAsync(original, "0:v:0");
        var shown = (await Mp4Clips.AllFramesAsync(pictures, "0:v:0")).ToList();
        var times = shown.Select(frame => frame.Seconds).Order().ToArray();
        foreach (var frame in expected)
        {
            var at = shown.FindIndex(one =>
                one.Checksum == frame.Checksum && Math.Abs(one.Seconds - times[0] - (frame.Seconds - expected[0].Seconds)) < twoPictures
            );
            Assert.True(at >= 0, $"The picture at {frame.Seconds} s is not shown.");
            shown.RemoveAt(at);
        }

        var lead = index.Tracks[0];
        shown.RemoveAll(behind => behind.Seconds >= times[0] + ((lead.End - lead.Origin) / (double)lead.Timescale) - oneInstant);

        Assert.All(shown, hidden => Assert.Contains(times, time => time > hidden.Seconds && time - hidden.Seconds < oneInstant));
    }

    internal static async Task<Mp4Index> IndexAsync(byte[] bytes) => await new Source(bytes).IndexAsync();

    internal static async Task<byte[]> MakeAsync(string codecs, int seconds = 4)
    {
        var path = Mp4Clips.NewPath(".mp4");
        await Mp4Clips.RunAsync(
            "ffmpeg",
            $"-v error -f lavfi -i testsrc2=size=96x54:rate=25:duration={seconds} -f lavfi -i "
                + $"sine=frequency=440:sample_rate=48000:duration={seconds} {codecs} {path}"
        );
        return await File.ReadAllBytesAsync(path);
    }
}
