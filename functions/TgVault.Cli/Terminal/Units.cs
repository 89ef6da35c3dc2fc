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

    /// <summary>Reads <c>90s</c>, <c>30m</c>, <c>12h</c>, <c>7d</c> or <c>2w</c>; null for anything else, zero and more than ten
    /// years.</summary>
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
            _ => null,
        };
        return seconds * count is { } total and <= 10L * 366 * 24 * 60 * 60 ? TimeSpan.FromSeconds(total) : null;
    }
}
