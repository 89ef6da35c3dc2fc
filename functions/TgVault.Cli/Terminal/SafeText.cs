using System.Globalization;
using System.Text;

namespace TgVault.Cli.Terminal;

/// <summary>Text of other people made harmless for a terminal: what could move the cursor, start an escape sequence, turn the writing
/// direction, hide, or means nothing becomes U+FFFD.</summary>
static class SafeText
{
    // Persian, Indian scripts and many emoji are written with these.
    const int ZeroWidthNonJoiner = 0x200C;
    const int ZeroWidthJoiner = 0x200D;

    public static string Of(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var harmful =
                Rune.GetUnicodeCategory(rune)
                    is UnicodeCategory.Control
                        or UnicodeCategory.Format
                        or UnicodeCategory.LineSeparator
                        or UnicodeCategory.ParagraphSeparator
                        or UnicodeCategory.PrivateUse
                        or UnicodeCategory.OtherNotAssigned
                && rune.Value is not (ZeroWidthNonJoiner or ZeroWidthJoiner);
            safe.Append(harmful ? "\uFFFD" : rune.ToString());
        }

        return safe.ToString();
    }
}
