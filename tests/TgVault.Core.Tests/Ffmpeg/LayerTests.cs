using TgVault.Core.Ffmpeg;
using TgVault.Testing;

namespace TgVault.Core.Tests.Ffmpeg;

/// <summary>The ffmpeg that travels with the function app (ffmpeg-layer/components.conf) takes what ingest takes, so that both hosts plan
/// alike.</summary>
public sealed class LayerTests
{
    static readonly ILookup<string, string> Components = File.ReadLines(
            Path.Combine(RepositoryFolders.Root(), "ffmpeg-layer", "components.conf")
        )
        .Where(line => line.Length > 0 && line[0] != '#')
        .SelectMany(
            line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..],
            (line, name) => (Kind: line.Split(':')[0], Name: name)
        )
        .ToLookup(component => component.Kind, component => component.Name);

    [Fact]
    public void It_has_the_demuxer_of_every_format_that_ingest_reads()
    {
        var formats = FfmpegTools
            .InputFormats.Split(',')
            .Select(format =>
                format switch
                {
                    // Names of one demuxer with several.
                    "mp4" or "m4a" or "3gp" or "3g2" or "mj2" => "mov",
                    "webm" => "matroska",
                    // What configure calls otherwise than the program.
                    "mpeg" => "mpegps",
                    _ => format,
                }
            );

        Assert.Subset(Components["demuxer"].ToHashSet(), formats.ToHashSet());
    }

    [Fact]
    public void It_has_the_filters_that_sound_and_pictures_pass_through() =>
        Assert.Subset(
            Components["filter"].ToHashSet(),
            new HashSet<string>
            {
                "aresample",
                "aformat",
                "pan",
                "channelmap",
                "bwdif",
                "scale",
                "format",
                "setpts",
                "setsar",
                "lut3d",
                "setparams",
            }
        );

    [Fact]
    public void It_can_open_nothing_but_files_and_pipes() => Assert.Equal(["file", "pipe"], Components["protocol"].Order());
}
