using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace TgVault.Core.Captioning;

/// <summary>Captions of one language: what is shown when, and how it is meant to look.</summary>
public sealed class CaptionText
{
    /// <summary>The largest text that is read or stored, in bytes; a three-hour film has about 200 KB.</summary>
    public const int MaxBytes = 4 << 20;

    /// <summary>More than four a second for three hours.</summary>
    public const int MaxCues = 50_000;

    public const string ContentType = "text/vtt";

    /// <summary>What WebVTT files are served as.</summary>
    public const string ServedType = ContentType + "; charset=utf-8";

    internal CaptionText(ImmutableArray<string> definitions, ImmutableArray<Cue> cues)
    {
        Definitions = definitions;
        Cues = cues;
    }

    /// <summary>STYLE and REGION blocks, each without a blank line (W3C WebVTT §4.1).</summary>
    internal ImmutableArray<string> Definitions { get; }

    /// <summary>By their start.</summary>
    internal ImmutableArray<Cue> Cues { get; }

    /// <summary>Captions of these cues. Cues that show nothing are left out; the others are put in order.</summary>
    /// <exception cref="MediaException">There is nothing to show, or more than is taken.</exception>
    internal static CaptionText Of(IEnumerable<Cue> cues, params ImmutableArray<string> definitions)
    {
        // Sorted so that equal starts keep their order, which decides what stands above what.
        ImmutableArray<Cue> kept =
        [
            .. cues.Where(cue => cue.EndMilliseconds > cue.StartMilliseconds && cue.Text.Length > 0).OrderBy(cue => cue.StartMilliseconds),
        ];
        if (kept.IsEmpty)
            throw new MediaException("There is no text in it to show.");
        if (kept.Length > MaxCues)
            throw new MediaException($"It has more than {MaxCues} texts.");
        return new CaptionText(definitions, kept);
    }

    /// <summary>The whole as a WebVTT file (W3C WebVTT §4.1), in UTF-8 without BOM.</summary>
    public byte[] Write() => Write("", 0, 0, long.MaxValue);

    /// <summary>
    /// The cues that are shown at some time between two, as a WebVTT file of their own; those that last beyond are in both neighbours, at
    /// their full times.
    /// </summary>
    /// <param name="header">A further line behind the signature; empty: none.</param>
    /// <param name="shiftMilliseconds">What is added to every time.</param>
    /// <param name="startMilliseconds">The first time, after the shift.</param>
    /// <param name="endMilliseconds">Behind the last time, after the shift.</param>
    public byte[] Write(string header, long shiftMilliseconds, long startMilliseconds, long endMilliseconds)
    {
        var text = new StringBuilder("WEBVTT\n");
        if (header.Length > 0)
            text.Append(header).Append('\n');
        text.Append('\n');
        foreach (var definition in Definitions)
            text.Append(definition).Append("\n\n");
        foreach (var cue in Cues)
        {
            var (start, end) = (cue.StartMilliseconds + shiftMilliseconds, cue.EndMilliseconds + shiftMilliseconds);
            if (start >= endMilliseconds)
                break;
            if (end <= startMilliseconds)
                continue;
            if (cue.Id.Length > 0)
                text.Append(cue.Id).Append('\n');
            Append(text, start);
            text.Append(" --> ");
            Append(text, end);
            if (cue.Settings.Length > 0)
                text.Append(' ').Append(cue.Settings);
            // The blank line at the end too: ffmpeg reads segments as if they were one file.
            text.Append('\n').Append(cue.Text).Append("\n\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    static void Append(StringBuilder text, long milliseconds) =>
        text.Append(
            CultureInfo.InvariantCulture,
            $"{milliseconds / 3_600_000:D2}:{milliseconds / 60_000 % 60:D2}:{milliseconds / 1000 % 60:D2}.{milliseconds % 1000:D3}"
        );
}
