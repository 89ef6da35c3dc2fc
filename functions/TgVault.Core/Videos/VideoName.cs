using System.Globalization;
using System.Text;

namespace TgVault.Core.Videos;

/// <summary>
/// Names as people give them: any text of one line, at most 255 characters, with something to show. Never used as a path.
/// </summary>
public static class VideoName
{
    public const int MaxLength = 255;

    /// <summary>
    /// The name that is kept for what a client sent: the last part of a path, control characters (line breaks among them) as spaces,
    /// cut at 255 characters with the extension kept and no surrogate pair split; <c>untitled</c> where nothing is left.
    /// </summary>
    public static string Clean(string? name) => TryClean(name) ?? "untitled";

    /// <summary>The same; null where nothing is left.</summary>
    public static string? TryClean(string? name)
    {
        var text = new StringBuilder();
        foreach (var rune in (name ?? "").EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            // Bidirectional controls could make one extension look like another; joiners inside emoji are format characters too and stay.
            if (rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069))
                continue;
            text.Append(
                category is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                    ? " "
                    : rune.ToString()
            );
        }

        var cleaned = text.ToString();
        cleaned = cleaned[(cleaned.LastIndexOfAny(['/', '\\']) + 1)..].Trim();
        if (cleaned.Length == 0 || cleaned.All(c => c == '.'))
            return null;
        return cleaned.Length <= MaxLength ? cleaned : Shorten(cleaned);
    }

    static string Shorten(string name)
    {
        var dot = name.LastIndexOf('.');
        var extension = dot > 0 && name.Length - dot <= 16 ? name[dot..] : "";
        var stem = MaxLength - extension.Length;
        if (char.IsHighSurrogate(name[stem - 1]))
            stem--;
        return name[..stem] + extension;
    }
}
