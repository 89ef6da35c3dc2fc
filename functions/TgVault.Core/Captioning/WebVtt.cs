using System.Collections.Immutable;

namespace TgVault.Core.Captioning;

/// <summary>
/// Reads WebVTT (W3C WebVTT §4, §6.1). What a person sends is held to the syntax: a mistake is reported, so that no text is lost.
/// What ffmpeg writes is read leniently: ffmpeg does not escape texts, and it leaves blank lines in them. Comments and header lines
/// are left out.
/// </summary>
public static class WebVtt
{
    const string Signature = "WEBVTT";

    /// <exception cref="MediaException">It breaks the syntax; the message names the line.</exception>
    public static CaptionText Read(ReadOnlySpan<byte> bytes)
    {
        var lines = CaptionLines.Split(bytes);
        var cues = new List<Cue>();
        var definitions = ImmutableArray.CreateBuilder<string>();
        foreach (var block in Blocks(lines, line => line.Contains(CueTiming.Arrow, StringComparison.Ordinal)))
        {
            var first = lines[block.Start];
            if (block.Timing >= 0)
                Add(cues, ReadCue(lines, block));
            else if (IsNamed(first, "NOTE"))
                continue;
            else if ((IsNamed(first, "STYLE") || IsNamed(first, "REGION")) && cues.Count == 0)
                definitions.Add(string.Join('\n', lines[block.Start..block.End]));
            else
                throw new MediaException(
                    $"Line {block.Start + 1}: this belongs to no text. Times such as 00:01:02.345 --> 00:01:04.000 must stand "
                        + "before a text, and no blank line in it."
                );
        }

        return CaptionText.Of(cues, definitions.ToImmutable());
    }

    /// <summary>What ffmpeg wrote of one subtitle track.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="isCopied">Whether the texts are those of a WebVTT source; otherwise they have SubRip's markup.</param>
    /// <exception cref="MediaException">It is no WebVTT, has nothing to show, or more than is taken.</exception>
    public static CaptionText ReadExtracted(ReadOnlySpan<byte> bytes, bool isCopied)
    {
        var lines = CaptionLines.Split(bytes);
        var cues = new List<Cue>();
        var text = new List<string>();
        foreach (var block in Blocks(lines, line => CueTiming.TryReadWebVtt(line, out _)))
        {
            if (block.Timing >= 0)
            {
                Finish();
                Add(cues, Timed(lines, block));
            }

            // Without times it stands behind a blank line of the text before, which goes on.
            text.AddRange(
                TextOf(lines, block)
                    .Select(line => isCopied ? line.Replace(CueTiming.Arrow, "--&gt;", StringComparison.Ordinal) : CueText.FromSubRip(line))
                    .Where(line => line.Length > 0)
            );
        }

        Finish();
        return CaptionText.Of(cues);

        void Finish()
        {
            if (cues.Count > 0)
                cues[^1] = cues[^1] with { Text = string.Join('\n', text) };
            text.Clear();
        }
    }

    // A block ends at a blank line, and where the next one's times stand without one (§6.1, "collect a WebVTT block").
    static IEnumerable<Block> Blocks(string[] lines, Func<string, bool> isTiming)
    {
        if (!IsNamed(lines[0], Signature))
            throw new MediaException($"Line 1: this is no WebVTT; the word {Signature} must come first.");
        var at = 1;
        while (at < lines.Length && lines[at].Length > 0 && !isTiming(lines[at]))
            at++;
        while (at < lines.Length)
        {
            if (lines[at].Length == 0)
            {
                at++;
                continue;
            }

            var start = at;
            var timing = -1;
            for (; at < lines.Length && lines[at].Length > 0; at++)
            {
                if (!isTiming(lines[at]))
                    continue;
                if (timing >= 0 || at > start + 1)
                    break;
                timing = at;
            }

            yield return new Block(start, timing, at);
        }
    }

    static bool IsNamed(string line, string name) =>
        line.StartsWith(name, StringComparison.Ordinal) && (line.Length == name.Length || line[name.Length] is ' ' or '\t');

    static Cue ReadCue(string[] lines, Block block)
    {
        if (!CueTiming.TryReadWebVtt(lines[block.Timing], out var timing))
            throw new MediaException($"Line {block.Timing + 1}: the times cannot be read; they look like 00:01:02.345 --> 00:01:04.000.");
        if (timing.EndMilliseconds <= timing.StartMilliseconds)
            throw new MediaException($"Line {block.Timing + 1}: the text ends before it begins.");
        return Timed(lines, block) with { Text = string.Join('\n', TextOf(lines, block)) };
    }

    static Cue Timed(string[] lines, Block block)
    {
        CueTiming.TryReadWebVtt(lines[block.Timing], out var timing);
        var id =
            block.Timing > block.Start && !lines[block.Start].Contains(CueTiming.Arrow, StringComparison.Ordinal) ? lines[block.Start] : "";
        return new Cue(timing.StartMilliseconds, timing.EndMilliseconds, "") { Id = id, Settings = timing.Settings };
    }

    static string[] TextOf(string[] lines, Block block) => lines[(block.Timing >= 0 ? block.Timing + 1 : block.Start)..block.End];

    static void Add(List<Cue> cues, Cue cue)
    {
        if (cues.Count == CaptionText.MaxCues)
            throw new MediaException($"The captions have more than {CaptionText.MaxCues} texts.");
        cues.Add(cue);
    }

    /// <summary>Lines that belong together; <paramref name="Timing"/> is the one with the times, negative where there is none.</summary>
    readonly record struct Block(int Start, int Timing, int End);
}
