using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using TgVault.Core.Ffmpeg.Caging;
using TgVault.Core.Videos;

namespace TgVault.Core.Ffmpeg.Chapters;

/// <summary>
/// Asks ffprobe for the first chapters of a file. A file may have more of them than memory holds, so what is printed is read up to a limit
/// and passed over from there on.
/// </summary>
sealed class ChapterProbe(FfmpegTools tools)
{
    const int MaxBytes = 256 << 10;

    /// <summary>At most <see cref="Chapter.MaxPerVideo"/>; none where there are none, or where ffprobe fails.</summary>
    /// <exception cref="FfmpegException">ffprobe is missing, or took longer than the settings allow.</exception>
    public async Task<IReadOnlyList<Chapter>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        ImmutableArray<string> arguments =
        [
            "-loglevel",
            "error",
            "-print_format",
            "json",
            "-show_entries",
            "chapter=start_time,end_time:chapter_tags=title",
            .. FfmpegTools.Confinement,
            "-i",
            path,
        ];
        var printed = new byte[MaxBytes];
        var length = 0;
        await FfmpegProcess.RunAsync(
            tools,
            "ffprobe",
            arguments,
            Cage.OfProbe(path, tools.InspectTimeout),
            cancellationToken,
            async (output, cancellation) =>
                length = await output.ReadAtLeastAsync(printed, printed.Length, throwOnEndOfStream: false, cancellation)
        );
        return Read(printed.AsSpan(0, length));
    }

    // As many as are there whole.
    static List<Chapter> Read(ReadOnlySpan<byte> json)
    {
        // Within the object, the list, a chapter.
        const int ofChapter = 3;
        var chapters = new List<Chapter>();
        var reader = new Utf8JsonReader(json, isFinalBlock: false, default);
        try
        {
            var (name, start, end, title) = ("", double.NaN, double.NaN, "");
            while (chapters.Count < Chapter.MaxPerVideo && reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName)
                    name = reader.GetString()!;
                else if (reader.TokenType == JsonTokenType.String && name == "start_time")
                    start = Seconds(reader.GetString());
                else if (reader.TokenType == JsonTokenType.String && name == "end_time")
                    end = Seconds(reader.GetString());
                else if (reader.TokenType == JsonTokenType.String && name == "title")
                    title = reader.GetString()!;
                else if (reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == ofChapter - 1)
                {
                    chapters.Add(new Chapter(start, end, title));
                    (start, end, title) = (double.NaN, double.NaN, "");
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Names are whatever the file says.
        }

        return chapters;
    }

    static double Seconds(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) ? seconds : double.NaN;
}
