using TgVault.Core.Ffmpeg;
using TgVault.Core.Ingest.Decision;
using TgVault.Core.Settings;
using TgVault.Core.Tests.Mp4;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Ingest.Decision;

/// <summary>
/// Files of kinds that people have reported elsewhere: what is decided about each while it is inspected, and which words say why.
/// </summary>
public sealed class JudgementTests
{
    const string Stbl = "mdia/minf/stbl";

    // PIFF 1.1: sample encryption.
    static readonly byte[] PiffSamples = Convert.FromHexString("A2394F525A9B4F14A2446C427C648DF4");

    static readonly Lazy<Task<byte[]>> Film = new(() => MakeAsync("-c:v libx264 -preset ultrafast -bf 2 -g 25 -c:a aac", ".mp4"));

    [Theory(Timeout = 120_000)]
    [InlineData("encv")]
    [InlineData("enca")]
    [InlineData("drmi")]
    [InlineData("sinf in avc1")]
    [InlineData("senc")]
    [InlineData("piff")]
    [InlineData("senc in a fragment")]
    public async Task What_is_encrypted_is_kept_and_said_to_be(string how)
    {
        var film = await Film.Value;
        var bytes = how switch
        {
            "encv" => Protect(film, 0, "encv"),
            "enca" => Protect(film, 1, "enca"),
            "drmi" => Mp4Patch.Write(film, $"moov/trak[0]/{Stbl}/stsd", 12, "drmi"),
            "sinf in avc1" => Protect(film, 0, "avc1"),
            "senc" => Mp4Patch.Append(film, $"moov/trak[1]/{Stbl}", Source.Box("senc", 0, 2, 1L, 2L)),
            "piff" => Mp4Patch.Append(film, $"moov/trak[0]/{Stbl}", Source.Box("uuid", PiffSamples, 0, 1, 1L)),
            _ => Mp4Patch.Append(await FragmentedAsync(), "moof/traf[0]", Source.Box("senc", 0, 1, 1L)),
        };

        var (decision, _) = await JudgeAsync(bytes);

        Assert.Equal(MediaAction.KeepAsFile, decision.Action);
        Assert.Contains("encrypted", decision.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("TranscodeVideo", decision.Reason, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task What_a_decryptor_left_behind_does_not_make_a_film_encrypted()
    {
        var film = Mp4Patch.Append(await Film.Value, "moov", Source.Box("pssh", 0, new byte[16], 0));
        film = Mp4Patch.Append(film, $"moov/trak[0]/{Stbl}", Source.Box("senc", 0, 0));

        Assert.Equal(MediaAction.Relocate, (await JudgeAsync(film)).Decision.Action);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(0.5, MediaAction.Relocate)]
    [InlineData(2.5, MediaAction.Remux)]
    public async Task Sound_that_ends_long_before_the_pictures_asks_for_silence(double early, MediaAction action)
    {
        var longer = FormattableString.Invariant($"-vf tpad=stop_mode=clone:stop_duration={early}");
        var film = await MakeAsync($"{longer} -c:v libx264 -preset ultrafast -g 25 -c:a aac", ".mp4");

        var (decision, _) = await JudgeAsync(film);

        Assert.Equal(action, decision.Action);
        if (action == MediaAction.Remux)
            Assert.Contains("Its sound ends 2.5 s before its pictures.", decision.Reason, StringComparison.Ordinal);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(700, 400, "It shows nothing for its first 0.4 s.")]
    [InlineData(700, 0, "Its pictures and sound begin 0.7 s apart.")]
    [InlineData(0, 70, "Its pictures and sound begin 0.07 s apart.")]
    [InlineData(30, 0, null)]
    [InlineData(0, 30, null)]
    public async Task A_film_with_a_beginning_that_players_do_not_agree_on_is_written_anew(int pictures, int sound, string? why)
    {
        var film = Mp4Patch.Edits(await Film.Value, 0, After(pictures));

        var (decision, _) = await JudgeAsync(Mp4Patch.Edits(film, 1, After(sound)));

        Assert.Equal(why is null ? MediaAction.Relocate : MediaAction.Remux, decision.Action);
        if (why is not null)
            Assert.StartsWith($"{why} Remuxed", decision.Reason, StringComparison.Ordinal);

        static (int Length, int Start)[] After(int milliseconds) => milliseconds == 0 ? [(2000, 1024)] : [(milliseconds, -1), (2000, 1024)];
    }

    [Theory(Timeout = 120_000)]
    [InlineData("H264", 0, "h264 video 'H264'")]
    [InlineData("h264", 0, "h264 video 'h264'")]
    [InlineData("X264", 0, "h264 video 'X264'")]
    [InlineData("mp4b", 1, "aac sound 'mp4b'")]
    [InlineData("zzzz", 1, "aac sound 'zzzz'")]
    public async Task A_track_under_a_name_that_segments_cannot_have_is_written_anew(string letters, int track, string reason)
    {
        var film = Mp4Patch.Write(await Film.Value, $"moov/trak[{track}]/{Stbl}/stsd", 12, letters);

        var (decision, media) = await JudgeAsync(film);

        Assert.Equal(MediaAction.Remux, decision.Action);
        Assert.Contains(reason, decision.Reason, StringComparison.Ordinal);
        Assert.Equal(TrackAction.Copy, media!.Tracks[track].Treatment!.Action);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("two entries")]
    [InlineData("stsc")]
    [InlineData("stts")]
    [InlineData("another speed")]
    [InlineData("nothing shown")]
    public async Task What_only_the_index_refuses_is_written_anew_with_the_reason(string how)
    {
        var film = await Film.Value;
        var bytes = how switch
        {
            "two entries" => TwoEntries(film),
            "stsc" => Mp4Patch.Change(
                film,
                $"moov/trak[0]/{Stbl}/stsc",
                payload =>
                    [
                        .. payload[..4],
                        .. Source.Bytes(payload[7] + 1),
                        .. payload[8..],
                        .. Source.Bytes(1),
                        .. Source.Bytes(9),
                        .. Source.Bytes(1),
                    ]
            ),
            "stts" => Mp4Patch.Table(film, $"moov/trak[1]/{Stbl}/stts", [10, 1024]),
            "nothing shown" => Mp4Patch.Edits(film, 0, (2000, 640_000)),
            _ => Mp4Patch.Table(film, "moov/trak[0]/edts/elst", [2000, 1024, 0x8000]),
        };

        var (decision, media) = await JudgeAsync(bytes);

        Assert.Equal(MediaAction.Remux, decision.Action);
        Assert.StartsWith(decision.Refusal!, decision.Reason, StringComparison.Ordinal);
        Assert.All(media!.Tracks, track => Assert.Equal(TrackAction.Copy, track.Treatment!.Action));
    }

    [Theory(Timeout = 120_000)]
    [InlineData("only a head", "no samples")]
    [InlineData("empty tables", "no samples")]
    [InlineData("no mdat", "cut short")]
    [InlineData("half of it", "cut short")]
    [InlineData("a rest of mdat", "of 50 samples of a track only 0 lie within the file")]
    [InlineData("no tracks", "no tracks")]
    public async Task What_has_nothing_in_it_is_kept_with_the_reason(string how, string reason)
    {
        var film = await Film.Value;
        var first = await FirstAsync();
        var bytes = how switch
        {
            "only a head" => (await FragmentedAsync())[..(int)(await new Source(await FragmentedAsync()).LayoutAsync()).Moov.End],
            "empty tables" => Mp4Patch.Write(
                Mp4Patch.Write(film, $"moov/trak[0]/{Stbl}/stsz", 4, 0, 0),
                $"moov/trak[1]/{Stbl}/stsz",
                4,
                0,
                0
            ),
            "no mdat" => Mp4Patch.Change(first, "mdat", _ => null),
            // An mdat that runs to the end of the file is no shorter for it.
            "a rest of mdat" => first[..(first.AsSpan().IndexOf("mdat"u8) + 24)],
            "half of it" => [.. ToTheEnd(first)[..(first.Length * 6 / 10)]],
            _ => Mp4Patch.Change(Mp4Patch.Change(film, "moov/trak", _ => null), "moov/trak", _ => null),
        };

        var (decision, _) = await JudgeAsync(bytes);

        Assert.Equal(MediaAction.KeepAsFile, decision.Action);
        Assert.Contains(reason, decision.Reason, StringComparison.Ordinal);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_header_that_tells_another_length_is_put_right(bool isFirst)
    {
        var film = Mp4Patch.Write(isFirst ? await FirstAsync() : await Film.Value, "moov/mvhd", 16, 60_000);

        var (decision, media) = await JudgeAsync(film);

        Assert.Equal(MediaAction.Relocate, decision.Action);
        Assert.EndsWith("Its header is corrected: it lasts 2 s.", decision.Reason, StringComparison.Ordinal);
        Assert.Equal(2, media!.DurationSeconds, 0.05);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_film_that_lacks_its_last_bytes_only_is_played()
    {
        var first = ToTheEnd(await FirstAsync());

        var (decision, _) = await JudgeAsync(first[..^40]);

        Assert.Equal(MediaAction.Remux, decision.Action);
        Assert.Contains("cut short", decision.Reason, StringComparison.Ordinal);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("zzzz")]
    [InlineData("encv")]
    [InlineData("dvhx")]
    public async Task A_video_that_no_decoder_knows_is_named_by_its_letters_without_advice(string letters)
    {
        var (decision, _) = await JudgeAsync(Mp4Patch.Write(await Film.Value, $"moov/trak[0]/{Stbl}/stsd", 12, letters));

        Assert.Equal(MediaAction.KeepAsFile, decision.Action);
        Assert.Contains(letters, decision.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("TranscodeVideo", decision.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("  ", decision.Reason, StringComparison.Ordinal);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(".nut", "-c:v libx264 -preset ultrafast -c:a aac", "film.nut")]
    [InlineData(".y4m", "-an -pix_fmt yuv420p", "film.mp4")]
    [InlineData(".wv", "-vn", "sound.wv")]
    [InlineData(".au", "-vn", "sound")]
    public async Task A_kind_that_is_not_known_here_is_not_said_to_be_no_video(string extension, string codecs, string name)
    {
        var (decision, media) = await JudgeAsync(await MakeAsync(codecs, extension), name);

        Assert.Null(media);
        Assert.Equal(MediaAction.KeepAsFile, decision.Action);
        Assert.Contains("of no kind of video or sound that is known here", decision.Reason, StringComparison.Ordinal);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("yuv422p10le", "high422", MediaAction.KeepAsFile)]
    [InlineData("yuv444p", "high444", MediaAction.KeepAsFile)]
    [InlineData("yuv420p10le", "high10", MediaAction.KeepAsFile)]
    [InlineData("yuv420p", "high", MediaAction.Relocate)]
    [InlineData("yuv420p", "baseline", MediaAction.Relocate)]
    public async Task What_pictures_are_made_of_is_known_without_seeing_any(string pixels, string profile, MediaAction action)
    {
        var film = await MakeAsync($"-c:v libx264 -preset ultrafast -pix_fmt {pixels} -profile:v {profile} -c:a aac", ".mp4");
        // As if the first picture lay in what ffprobe does not get.
        var media = await ProbeAsync(film);
        media = media! with { Tracks = [.. media.Tracks.Select(track => track with { PixelFormat = "" })] };

        var (decision, judged) = await JudgeAsync(film, media: media);

        Assert.Equal(pixels, judged!.Tracks[0].PixelFormat);
        Assert.Equal(action, decision.Action);
    }

    [Fact(Timeout = 120_000)]
    public async Task The_upload_says_of_every_track_what_it_is_and_what_is_done_with_it()
    {
        var film = await MakeAsync(
            "-map 0 -map 1 -map 1 -c:v libx264 -preset ultrafast -c:a:0 ac3 -c:a:1 aac "
                + "-metadata:s:a:0 language=fra -metadata:s:a:1 language=deu",
            ".mkv"
        );

        var (decision, media) = await JudgeAsync(film);

        Assert.Equal(MediaAction.Remux, decision.Action);
        Assert.Equal(
            [("h264", "", TrackAction.Copy), ("ac3", "fra", TrackAction.Transcode), ("aac", "deu", TrackAction.Copy)],
            media!.Tracks.Select(track => (track.Codec, track.Language, track.Treatment!.Action))
        );
        Assert.Contains("ac3 sound transcoded to AAC", decision.Reason, StringComparison.Ordinal);
        Assert.Equal("mono", media.Tracks[1].Treatment!.Layout);
    }

    static async Task<(MediaDecision Decision, MediaSummary? Media)> JudgeAsync(
        byte[] bytes,
        string name = "film.mp4",
        MediaSummary? media = null
    )
    {
        var source = new Source(bytes);
        var evidence = await UploadEvidence.ReadAsync(source.ReadAsync, source.LengthBytes, CancellationToken.None);
        var inspection = await Judgement.MakeAsync(
            evidence,
            media ?? await ProbeAsync(bytes),
            null,
            name,
            new IngestSettings(),
            CancellationToken.None
        );
        return (inspection.Decision!, inspection.Media);
    }

    static async Task<MediaSummary?> ProbeAsync(byte[] bytes)
    {
        var path = Mp4Clips.NewPath(".upload");
        await File.WriteAllBytesAsync(path, bytes);
        return await new MediaProbe(new FfmpegTools(new FfmpegSettings())).ProbeAsync(path, CancellationToken.None);
    }

    static async Task<byte[]> MakeAsync(string codecs, string extension)
    {
        var path = Mp4Clips.NewPath(extension);
        await Mp4Clips.RunAsync(
            "ffmpeg",
            "-v error -f lavfi -i testsrc2=size=96x54:rate=25:duration=2 -f lavfi -i sine=frequency=440:sample_rate=48000:duration=2 "
                + $"{codecs} {path}"
        );
        return await File.ReadAllBytesAsync(path);
    }

    static Task<byte[]> FragmentedAsync() =>
        MakeAsync("-c:v libx264 -preset ultrafast -c:a aac -movflags frag_keyframe+empty_moov+default_base_moof", ".mp4");

    static Task<byte[]> FirstAsync() => MakeAsync("-c:v libx264 -preset ultrafast -bf 2 -c:a aac -movflags +faststart", ".mp4");

    static byte[] ToTheEnd(byte[] first)
    {
        var at = first.AsSpan().IndexOf("mdat"u8) - 4;
        return [.. first[..at], 0, 0, 0, 0, .. first[(at + 4)..]];
    }

    // Under another name, with a sinf at its end.
    static byte[] Protect(byte[] film, int track, string letters) =>
        Mp4Patch.Change(
            film,
            $"moov/trak[{track}]/{Stbl}/stsd",
            payload =>
                [
                    .. payload[..8],
                    .. Source.Box(
                        letters,
                        payload[16..],
                        Source.Box("sinf", Source.Box("frma", "avc1"), Source.Box("schm", 0, "cenc", 0x10000))
                    ),
                ]
        );

    // The second of two equal entries from the second chunk on.
    static byte[] TwoEntries(byte[] film)
    {
        film = Mp4Patch.Change(
            film,
            $"moov/trak[0]/{Stbl}/stsd",
            payload => [.. payload[..4], .. Source.Bytes(2), .. payload[8..], .. payload[8..]]
        );
        return Mp4Patch.Change(
            film,
            $"moov/trak[0]/{Stbl}/stsc",
            payload =>
            {
                payload[^1] = 2;
                return payload;
            }
        );
    }
}
