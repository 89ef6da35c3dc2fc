using System.Globalization;
using System.Text.RegularExpressions;

namespace TgVault.Core.Ffmpeg;

/// <summary>What ffmpeg printed last, read for what it says of the file: which track failed, whether the file ends early.</summary>
sealed partial class FfmpegComplaints(string text)
{
    /// <summary>For a sentence, not for a log.</summary>
    const int MaxLength = 200;

    /// <summary>Whether the file ended where its own structure goes on (Matroska's elements, MP4's samples).</summary>
    public bool EndsEarly =>
        text.Contains("File ended prematurely", StringComparison.Ordinal) || text.Contains("partial file", StringComparison.Ordinal);

    /// <summary>Whether one track gave nothing for so long that what the others gave no longer found room.</summary>
    public bool IsQueueFull => text.Contains("Too many packets buffered for output stream", StringComparison.Ordinal);

    /// <summary>Whether there was no more room to write.</summary>
    public bool IsOutOfRoom => text.Contains("No space left on device", StringComparison.Ordinal);

    /// <summary>Whether a file was to become longer than it may.</summary>
    public bool IsTooLong => text.Contains("File too large", StringComparison.Ordinal);

    /// <summary>The last error, for a person: without addresses and marks. Empty where there is none.</summary>
    /// <param name="folder">The folder whose files are the upload and what is made of it; their names say nothing to anybody.</param>
    public string Last(string folder)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var last = Array.FindLast(lines, line => Severe().IsMatch(line)) ?? lines.LastOrDefault() ?? "";
        var plain = Marks().Replace(last, "");
        if (folder.Length > 1)
            plain = Regex.Replace(plain, Regex.Escape(folder.TrimEnd('/', '\\')) + @"[/\\][^\s:']*", "the file");
        plain = string.Concat(plain.Where(c => !char.IsControl(c))).Trim();
        return plain.Length <= MaxLength ? plain : plain[..MaxLength] + "…";
    }

    /// <summary>
    /// The track that an error names: the number of an input stream, or the place of an output stream among those written. Null where no
    /// error names one.
    /// </summary>
    public (int? Input, int? Output)? FailedTrack
    {
        get
        {
            foreach (var line in text.Split('\n').Reverse().Where(line => Severe().IsMatch(line)))
            {
                if (InputStream().Match(line) is { Success: true } input)
                    return (Number(input), null);
                if (OutputStream().Match(line) is { Success: true } output)
                    return (null, Number(output));
            }

            return null;
        }
    }

    static int Number(Match match) =>
        int.Parse(match.Groups.Cast<Group>().Skip(1).First(group => group.Success).Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\[(error|fatal|panic)\]")]
    private static partial Regex Severe();

    // [aac @ 0x55d0c0ffee00] [error]
    [GeneratedRegex(@"^(\[[^\]]*\]\s*)+")]
    private static partial Regex Marks();

    // As ffmpeg 4 to 8 write them. An error that names both is of the input: it could not be decoded.
    [GeneratedRegex(@"input stream #?0:(\d{1,4})|decoder found for:? 0:(\d{1,4})|\[[av]?ist#0:(\d{1,4})")]
    private static partial Regex InputStream();

    [GeneratedRegex(@"output stream #?0:(\d{1,4})|in stream #?(\d{1,4})\b|to muxer in stream (\d{1,4})|\[[avs]?ost#0:(\d{1,4})")]
    private static partial Regex OutputStream();
}
