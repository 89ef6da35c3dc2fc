namespace TgVault.Core.Captioning;

/// <summary>The line that says when a text is shown: <c>00:01.000 --> 00:02.500</c>, and what stands behind.</summary>
readonly record struct CueTiming(long StartMilliseconds, long EndMilliseconds, string Settings)
{
    public const string Arrow = "-->";

    // More than a year, and sums stay far from overflowing.
    const int MaxHourDigits = 4;

    static readonly string[] SettingNames = ["vertical", "line", "position", "size", "align", "region"];

    /// <summary>Reads the line as WebVTT has it (W3C WebVTT §6.1, "collect WebVTT cue timings and settings").</summary>
    public static bool TryReadWebVtt(string line, out CueTiming timing) => TryRead(line, ".", hoursNeeded: false, out timing);

    /// <summary>Reads the line as SubRip has it: a comma before the milliseconds, though some write a point.</summary>
    public static bool TryReadSubRip(string line, out CueTiming timing) => TryRead(line, ",.", hoursNeeded: true, out timing);

    static bool TryRead(string line, string fractionMarks, bool hoursNeeded, out CueTiming timing)
    {
        timing = default;
        var arrow = line.IndexOf(Arrow, StringComparison.Ordinal);
        if (arrow < 0)
            return false;
        var start = line.AsSpan(0, arrow).Trim();
        var rest = line.AsSpan(arrow + Arrow.Length).Trim();
        var end = rest.IndexOfAny(' ', '\t') is >= 0 and var space ? rest[..space] : rest;
        if (ReadTime(start, fractionMarks, hoursNeeded) is not { } from || ReadTime(end, fractionMarks, hoursNeeded) is not { } to)
            return false;
        timing = new CueTiming(from, to, ReadSettings(rest[end.Length..]));
        return true;
    }

    // hours:minutes:seconds.milliseconds (§4.1, "WebVTT timestamp"): at least one digit of hours where there are any, then two, two and
    // three digits.
    static long? ReadTime(ReadOnlySpan<char> text, string fractionMarks, bool hoursNeeded)
    {
        const int tailLength = 9;
        if (text.Length < tailLength || text[^7] != ':' || !fractionMarks.Contains(text[^4], StringComparison.Ordinal))
            return null;
        var hourText = text[..^tailLength];
        if (hourText.IsEmpty ? hoursNeeded : hourText[^1] != ':')
            return null;
        if (!hourText.IsEmpty)
            hourText = hourText[..^1];
        if (
            ReadNumber(text[^9..^7]) is not { } minutes
            || ReadNumber(text[^6..^4]) is not { } seconds
            || ReadNumber(text[^3..]) is not { } milliseconds
        )
            return null;
        if (minutes > 59 || seconds > 59 || hourText.Length > MaxHourDigits)
            return null;
        var hours = text.Length == tailLength ? 0 : ReadNumber(hourText);
        return hours is { } whole ? (((((whole * 60L) + minutes) * 60) + seconds) * 1000) + milliseconds : null;
    }

    static int? ReadNumber(ReadOnlySpan<char> digits)
    {
        if (digits.IsEmpty)
            return null;
        var number = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit(digit))
                return null;
            number = (number * 10) + (digit - '0');
        }

        return number;
    }

    // Unknown ones mean nothing to any player (§6.1).
    static string ReadSettings(ReadOnlySpan<char> text)
    {
        if (text.IsWhiteSpace())
            return "";
        return string.Join(' ', text.ToString().Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Where(IsKnown));
    }

    static bool IsKnown(string setting) =>
        setting.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon
        && colon < setting.Length - 1
        && SettingNames.Contains(setting[..colon])
        && !setting.Contains(Arrow, StringComparison.Ordinal);
}
