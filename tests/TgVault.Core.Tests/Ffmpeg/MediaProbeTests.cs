using System.Text;
using TgVault.Core.Ffmpeg;
using TgVault.Core.Settings;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Ffmpeg;

/// <summary>What is asked of ffprobe and kept of its answer, whatever a file says about itself.</summary>
public sealed class MediaProbeTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-probe-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(Timeout = 60_000)]
    public async Task A_file_with_many_chapters_is_asked_for_none()
    {
        var chapters = new StringBuilder(";FFMETADATA1\n");
        for (var i = 0; i < 5000; i++)
            chapters.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $"[CHAPTER]\nTIMEBASE=1/1000\nSTART={i}\nEND={i + 1}\ntitle=A chapter with a name {i}\n"
            );
        var list = Path.Combine(_folder, "chapters.txt");
        await File.WriteAllTextAsync(list, chapters.ToString());
        var path = Path.Combine(_folder, "chapters.mkv");
        await Mp4Clips.RunAsync("ffmpeg", $"-v error -f lavfi -i sine=d=1 -i {list} -map 0 -map_metadata 1 -c:a aac {path}");
        // The program itself, with a copy of what it prints.
        await WriteAsync($"/usr/bin/env -i PATH=\"$PATH\" ffprobe \"$@\" | tee {_folder}/printed", name: "ffprobe");

        var media = await NewProbe().ProbeAsync(path, CancellationToken.None);

        Assert.Equal("aac", Assert.Single(media!.Tracks).Codec);
        Assert.InRange(new FileInfo(Path.Combine(_folder, "printed")).Length, 100, 4096);
    }

    [Fact(Timeout = 60_000)]
    public async Task Long_names_and_many_tracks_are_kept_in_part()
    {
        await WriteAsync(
            """
            echo '{ "programs": [ { "streams": [ { "index": 5000, "codec_type": "video" } ] } ], "streams": ['
            printf '{ "index": 0, "codec_type": "subtitle", "codec_name": "subrip", "tags": { "title": "A \\"name\\"\\n$'
            head -c 5000000 /dev/zero | tr '\0' x
            echo '" } }'
            for i in $(seq 1 2999); do
              echo ", { \"index\": $i, \"codec_type\": \"subtitle\", \"codec_name\": \"subrip\" }"
            done
            echo '], "format": { "format_name": "matroska,webm", "nb_streams": 3000, "probe_score": 100 } }'
            """
        );

        var media = await NewProbe().ProbeAsync("film.mkv", CancellationToken.None);

        Assert.Equal(Enumerable.Range(0, ProbeAnswer.MaxStreams), media!.Tracks.Select(track => track.Index));
        Assert.Equal(200, media.Tracks[0].Title.Length);
        Assert.StartsWith("A \"name\"\n$xxx", media.Tracks[0].Title, StringComparison.Ordinal);
        Assert.All(media.Tracks, track => Assert.Equal((MediaTrackKind.Subtitle, "subrip"), (track.Kind, track.Codec)));
    }

    [Fact(Timeout = 60_000)]
    public async Task More_than_is_read_is_refused_with_its_reason()
    {
        await WriteAsync(
            "printf '{ \"streams\": [ { \"tags\": { \"title\": \"'; while :; do echo -n 'again and again and again and again'; done"
        );

        var exception = await Assert.ThrowsAsync<MediaException>(() => NewProbe().ProbeAsync("film.mkv", CancellationToken.None));

        Assert.Contains("32 MiB about its tracks", exception.Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{ \"streams\": [ { \"index\": 0 }")]
    [InlineData("{ \"streams\": null }")]
    [InlineData("{ \"streams\": { \"index\": 0 } }")]
    [InlineData("{ \"streams\": [ null ] }")]
    [InlineData("{ \"streams\": [ { \"index\": \"0\" } ] }")]
    [InlineData("{ \"streams\": [ { \"index\": 0.5 } ] }")]
    [InlineData("{ \"streams\": [ { \"width\": 4294967296 } ] }")]
    [InlineData("{ \"streams\": [ { \"id\": 1 } ] }")]
    [InlineData("{ \"streams\": [ { \"nb_frames\": 25 } ] }")]
    [InlineData("{ \"streams\": [ { \"extradata\": [ 18, 8 ] } ] }")]
    [InlineData("{ \"streams\": [ { \"codec_name\": \"\\ud83d\" } ] }")]
    [InlineData("{ \"streams\": [ { \"tags\": { \"title\": 7 } } ] }")]
    [InlineData("{ \"streams\": [ { \"disposition\": { \"attached_pic\": \"yes\" } } ] }")]
    [InlineData("{ \"streams\": [ { \"side_data_list\": [ { \"rotation\": [ 90 ] } ] } ] }")]
    [InlineData("{ \"streams\": [ { \"id\": \"\\ud83d\" } ] }")]
    [InlineData("{ \"streams\": [ { \"side_data_list\": [ { \"side_data_type\": \"\\ud83d\" } ] } ] }")]
    [InlineData("{ \"streams\": [], \"format\": \"mp4\" }")]
    [InlineData("{ \"streams\": [], \"format\": { \"probe_score\": \"high\" } }")]
    public async Task An_answer_of_another_form_is_told_as_such(string answer)
    {
        await WriteAsync($"cat <<'END'\n{answer}\nEND");

        var exception = await Assert.ThrowsAsync<FfmpegException>(() => NewProbe().ProbeAsync("film.mkv", CancellationToken.None));

        Assert.Equal("ffprobe gave an answer that cannot be read.", exception.Message);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_a_stream_says_is_told_as_its_track()
    {
        const string answer = """
            { "streams": [
              { "index": 1, "id": "0x100", "codec_type": "audio", "codec_name": "aac", "codec_tag_string": "mp4a", "profile": "LC",
                "sample_rate": "48000", "channels": 2, "channel_layout": "stereo", "start_time": "-0.021000", "duration": "2.5",
                "nb_frames": "117", "extradata": "\n00000000: 1180 56e5 00                             ..V..\n",
                "tags": { "language": "deu", "title": "Ton" } },
              { "index": 0, "codec_type": "video", "codec_name": "vp9", "codec_tag_string": "[0][0][0][0]", "profile": "unknown",
                "width": 64, "height": -4, "pix_fmt": "yuv420p", "avg_frame_rate": "30000/1001", "field_order": "tb",
                "color_space": "bt709", "color_transfer": "unknown", "color_primaries": "bt2020", "start_time": "N/A",
                "side_data_list": [ { }, { "side_data_type": "Display Matrix", "rotation": -90 } ],
                "disposition": { "attached_pic": 1 },
                "tags": { "rotate": "180", "alpha_mode": "1", "DURATION-eng": "00:01:02.500000000", "NUMBER_OF_FRAMES-eng": "50" } },
              { "index": 0, "codec_type": "subtitle", "codec_name": "subrip" },
              { "index": 2, "codec_type": "attachment" } ],
              "format": { "format_name": "matroska,webm", "nb_streams": 4, "duration": "62.5009", "probe_score": 100 } }
            """;
        await WriteAsync($"cat <<'END'\n{answer}\nEND");

        var media = await NewProbe().ProbeAsync("film.mkv", CancellationToken.None);

        Assert.Equal(("matroska,webm", 62.5), (media!.Container, media.DurationSeconds));
        Assert.Equal<IEnumerable<MediaTrack>>(
            [
                new MediaTrack
                {
                    Index = 0,
                    Kind = MediaTrackKind.Video,
                    Codec = "vp9",
                    PixelFormat = "yuv420p",
                    Width = 64,
                    FrameRate = 30000.0 / 1001,
                    FieldOrder = "tb",
                    Colour = "bt709/bt2020/-",
                    Rotation = 270,
                    AttachedPicture = true,
                    HasAlpha = true,
                    DurationSeconds = 62.5,
                    SampleCount = 50,
                },
                new MediaTrack
                {
                    Index = 1,
                    Kind = MediaTrackKind.Audio,
                    ContainerId = 256,
                    Codec = "aac",
                    Tag = "mp4a",
                    Profile = "LC",
                    SampleRate = 48000,
                    Channels = 2,
                    ChannelLayout = "stereo",
                    SpellsLayoutOut = true,
                    Language = "deu",
                    Title = "Ton",
                    StartSeconds = -0.021,
                    DurationSeconds = 2.5,
                    SampleCount = 117,
                },
            ],
            media.Tracks
        );
    }

    [Fact(Timeout = 60_000)]
    public async Task What_was_printed_before_it_failed_is_not_read()
    {
        await WriteAsync("echo '{ \"streams\": ['; exit 1");

        Assert.Null(await NewProbe().ProbeAsync("notes.txt", CancellationToken.None));
    }

    MediaProbe NewProbe() => new(new FfmpegTools(new FfmpegSettings { Folder = _folder, TemporaryFolder = _folder }) { Notes = [_folder] });

    async Task WriteAsync(string script, string name = "ffprobe")
    {
        var path = Path.Combine(_folder, name);
        await File.WriteAllTextAsync(path, $"#!/bin/bash\n{script}\n");
        await Mp4Clips.RunAsync("chmod", $"u+x {path}");
    }
}
