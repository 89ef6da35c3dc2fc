using System.Globalization;
using System.Text;

namespace TgVault.Cli.Terminal;

/// <summary>Text of other people made harmless for a terminal: what could move the cursor, start an escape sequence or turn the writing
/// direction becomes U+FFFD.</summary>
static class SafeText
{
    public static string Of(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var harmful =
                Rune.GetUnicodeCategory(rune)
                    is UnicodeCategory.Control
                        or UnicodeCategory.LineSeparator
                        or UnicodeCategory.ParagraphSeparator
                || rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);
            safe.Append(harmful ? "\uFFFD" : rune.ToString());
        }

        return safe.ToString();
    }
}
