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
            echo 'format.format_name="matroska,webm"'
            echo 'format.nb_streams=3000'
            echo 'format.probe_score=100'
            echo 'programs.program.0.streams.stream.0.codec_type="video"'
            for i in $(seq 0 2999); do
              echo "streams.stream.$i.index=$i"
              echo "streams.stream.$i.codec_type=\"subtitle\""
              echo "streams.stream.$i.codec_name=\"subrip\""
            done
            printf 'streams.stream.0.tags.title="A \\"name\\"\\n\\$'
            head -c 5000000 /dev/zero | tr '\0' x
            echo '"'
            """
        );

        var media = await NewProbe().ProbeAsync("film.mkv", CancellationToken.None);

        Assert.Equal(ProbeAnswer.MaxStreams, media!.Tracks.Length);
        Assert.Equal(200, media.Tracks[0].Title.Length);
        Assert.StartsWith("A \"name\"\n$xxx", media.Tracks[0].Title, StringComparison.Ordinal);
        Assert.All(media.Tracks, track => Assert.Equal((MediaTrackKind.Subtitle, "subrip"), (track.Kind, track.Codec)));
    }

    [Fact(Timeout = 60_000)]
    public async Task More_than_is_read_is_refused_with_its_reason()
    {
        await WriteAsync("while :; do echo 'streams.stream.0.tags.title=\"again and again and again and again\"'; done");

        var exception = await Assert.ThrowsAsync<MediaException>(() => NewProbe().ProbeAsync("film.mkv", CancellationToken.None));

        Assert.Contains("32 MiB about its tracks", exception.Message, StringComparison.Ordinal);
    }

    MediaProbe NewProbe() => new(new FfmpegTools(new FfmpegSettings { Folder = _folder, TemporaryFolder = _folder }));

    async Task WriteAsync(string script, string name = "ffprobe")
    {
        var path = Path.Combine(_folder, name);
        await File.WriteAllTextAsync(path, $"#!/bin/bash\n{script}\n");
        await Mp4Clips.RunAsync("chmod", $"u+x {path}");
    }
}
