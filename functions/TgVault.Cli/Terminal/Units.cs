using System.Globalization;

namespace TgVault.Cli.Terminal;

/// <summary>Sizes and lifetimes as people write them.</summary>
static class Units
{
    static readonly string[] Names = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>1536 is <c>1.5 KiB</c>.</summary>
    public static string Size(double bytes)
    {
        var unit = 0;
        for (; bytes >= 1024 && unit < Names.Length - 1; unit++)
            bytes /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{bytes:0.#} {Names[unit]}");
    }

    /// <summary>Reads <c>1536</c>, <c>500MiB</c>, <c>1.5GiB</c> or, in powers of ten, <c>2GB</c>; null for anything else, below 1 and more
    /// than there are.</summary>
    public static long? ParseSize(string text)
    {
        var digits = text.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
        if (!decimal.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return null;
        decimal? unit = text[digits..].Trim().ToUpperInvariant() switch
        {
            "" or "B" => 1,
            "KIB" => 1L << 10,
            "MIB" => 1L << 20,
            "GIB" => 1L << 30,
            "TIB" => 1L << 40,
            "KB" => 1_000,
            "MB" => 1_000_000,
            "GB" => 1_000_000_000,
            "TB" => 1_000_000_000_000,
            _ => null,
        };
        return unit is { } one && number >= 1 / one && number <= long.MaxValue / one ? (long)(number * one) : null;
    }

    /// <summary>4000 seconds are <c>1:06:40</c>, 9 are <c>0:09</c>; more than four days are days.</summary>
    public static string Clock(double seconds)
    {
        if (seconds >= 100 * 60 * 60)
            return string.Create(CultureInfo.InvariantCulture, $"{seconds / (24 * 60 * 60):0} days");
        var time = TimeSpan.FromSeconds(Math.Round(Math.Max(0, seconds)));
        return time.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time:mm\\:ss}")
            : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:00}");
    }

    /// <summary>A time of the API in the clock of this machine: <c>2026-11-28 19:33</c>; as it is, where it is none.</summary>
    public static string Moment(string time) =>
        DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)
            : time;

    /// <summary>As <see cref="Moment"/>, with the zone: <c>2026-11-28 19:33 +01:00</c>.</summary>
    public static string MomentWithZone(string time) =>
        DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment.ToLocalTime().ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture)
            : time;

    /// <summary>How long something is good, in its largest whole unit: 604800 seconds are <c>7 days</c>.</summary>
    public static string Span(long seconds) =>
        seconds switch
        {
            > 0 when seconds % 86_400 == 0 => Plural(seconds / 86_400, "day"),
            > 0 when seconds % 3_600 == 0 => Plural(seconds / 3_600, "hour"),
            > 0 when seconds % 60 == 0 => Plural(seconds / 60, "minute"),
            _ => Plural(seconds, "second"),
        };

    static string Plural(long count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    /// <summary>Reads <c>90s</c>, <c>30m</c>, <c>12h</c>, <c>7d</c>, <c>2w</c> or <c>1y</c>, of 365 days; null for anything else, zero and
    /// more than ten years.</summary>
    public static TimeSpan? ParseLifetime(string text)
    {
        if (text.Length < 2 || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count == 0)
            return null;
        long? seconds = text[^1] switch
        {
            's' => 1,
            'm' => 60,
            'h' => 60 * 60,
            'd' => 24 * 60 * 60,
            'w' => 7 * 24 * 60 * 60,
            'y' => 365 * 24 * 60 * 60,
            _ => null,
        };
        return seconds * count is { } total and <= 10L * 366 * 24 * 60 * 60 ? TimeSpan.FromSeconds(total) : null;
    }
}
