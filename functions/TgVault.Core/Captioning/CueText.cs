using System.Text;

namespace TgVault.Core.Captioning;

/// <summary>Makes WebVTT cue text (W3C WebVTT §4.2.2) of other kinds of text.</summary>
static class CueText
{
    // Longer ones are none; without a limit, text made of nothing but their beginnings would take quadratic time.
    const int MaxTagLength = 300;

    /// <summary>Text without markup.</summary>
    public static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);

    /// <summary>
    /// Reads text as SubRip marks it up. Italics, bold and underlining are kept. Fonts are left out, and so is what players for Advanced
    /// SubStation put into <c>{\…}</c>. Anything else is text.
    /// </summary>
    public static string FromSubRip(string text)
    {
        var cue = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; )
        {
            var next = text.AsSpan(i).IndexOfAny('<', '{');
            if (next < 0)
                next = text.Length - i;
            cue.Append(Escape(text.Substring(i, next)));
            i += next;
            if (i == text.Length)
                break;
            var (length, kept) = text[i] == '<' ? ReadTag(text.AsSpan(i)) : ReadOverride(text.AsSpan(i));
            cue.Append(kept);
            i += length;
        }

        return cue.ToString();
    }

    static (int Length, string Kept) ReadTag(ReadOnlySpan<char> text)
    {
        var end = text[..Math.Min(text.Length, MaxTagLength)].IndexOf('>');
        if (end < 0)
            return (1, "&lt;");
        var name = text[1..end].TrimStart('/');
        var slash = text.Length > 1 && text[1] == '/' ? "/" : "";
        if (name.Length == 1 && name[0] is 'b' or 'i' or 'u' or 'B' or 'I' or 'U')
            return (end + 1, $"<{slash}{char.ToLowerInvariant(name[0])}>");
        var isFont = name.StartsWith("font", StringComparison.OrdinalIgnoreCase) && (name.Length == 4 || name[4] == ' ');
        return isFont ? (end + 1, "") : (1, "&lt;");
    }

    static (int Length, string Kept) ReadOverride(ReadOnlySpan<char> text) =>
        text.StartsWith(@"{\") && text[..Math.Min(text.Length, MaxTagLength)].IndexOf('}') is > 0 and var end ? (end + 1, "") : (1, "{");
}
