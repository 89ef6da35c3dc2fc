namespace TgVault.Core.Captioning;

/// <summary>
/// Reads SubRip (.srt), which nobody specifies. Its files have in common: a counting number, a line with the times, lines of text and a
/// blank line. A blank line ends a text only where times follow; otherwise what comes after it still belongs to the text.
/// </summary>
public static class SubRip
{
    public const string ContentType = "application/x-subrip";

    /// <exception cref="MediaException">It is no SubRip, or a time is wrong; the message names the line.</exception>
    public static CaptionText Read(ReadOnlySpan<byte> bytes)
    {
        var lines = CaptionLines.Split(bytes);
        var cues = new List<Cue>();
        for (var at = 0; (at = FindTiming(lines, at, cues.Count == 0)) < lines.Length; )
        {
            if (cues.Count == CaptionText.MaxCues)
                throw new MediaException($"The captions have more than {CaptionText.MaxCues} texts.");
            var timing = ReadTiming(lines, at);
            var end = at + 1;
            while (end < lines.Length && !IsTiming(lines, end))
                end++;
            // The next text's counting number is not this one's last line.
            var textEnd = end < lines.Length && end - 1 > at && IsNumber(lines[end - 1]) ? end - 1 : end;
            var text = string.Join(
                '\n',
                lines[(at + 1)..textEnd].Select(line => CueText.FromSubRip(line).Trim()).Where(line => line.Length > 0)
            );
            cues.Add(new Cue(timing.StartMilliseconds, timing.EndMilliseconds, text));
            at = end;
        }

        return CaptionText.Of(cues);
    }

    static int FindTiming(string[] lines, int at, bool isFirst)
    {
        for (; at < lines.Length; at++)
        {
            if (IsTiming(lines, at))
                return at;
            if (isFirst && !string.IsNullOrWhiteSpace(lines[at]) && !IsNumber(lines[at]))
                throw new MediaException(
                    $"Line {at + 1}: this is no SubRip; a number or times such as 00:01:02,345 --> 00:01:04,000 must come first."
                );
        }

        return at;
    }

    // An arrow may also stand in a text; times begin with a digit, or follow the counting number.
    static bool IsTiming(string[] lines, int at) =>
        lines[at].Contains(CueTiming.Arrow, StringComparison.Ordinal)
        && ((lines[at].TrimStart() is { Length: > 0 } line && char.IsAsciiDigit(line[0])) || (at > 0 && IsNumber(lines[at - 1])));

    static CueTiming ReadTiming(string[] lines, int at)
    {
        if (!CueTiming.TryReadSubRip(lines[at], out var timing))
            throw new MediaException($"Line {at + 1}: the times cannot be read; they look like 00:01:02,345 --> 00:01:04,000.");
        return timing.EndMilliseconds >= timing.StartMilliseconds
            ? timing
            : throw new MediaException($"Line {at + 1}: the text ends before it begins.");
    }

    static bool IsNumber(string line) =>
        line.AsSpan().Trim() is { Length: > 0 and < 10 } number && !number.ContainsAnyExceptInRange('0', '9');
}
