using System.Globalization;
using System.Text;
using TgVault.Core.Library.Search;

namespace TgVault.Core.Library.Lists;

/// <summary>
/// Names as keys whose order is what a person expects: without case and accents, <c>Episode 2</c> before <c>Episode 10</c>. They are
/// stored, so a change of how they are made is another <see cref="Indexing.Version"/>.
/// </summary>
static class NameOrder
{
    /// <summary>Ends a name within a key: comes before whatever a longer name may go on with.</summary>
    public const char End = '!';

    /// <summary>Characters of a name's key; what goes beyond is in the order of ids.</summary>
    const int MostCharacters = 200;

    const int MostDigits = 9;

    /// <summary>
    /// Letters stay, a run of anything else in ASCII is <c>-</c>, a number has its length before it, and what is not ASCII is <c>~</c> and
    /// five hex digits: so punctuation comes first, then numbers, then Latin letters, then all others.
    /// </summary>
    public static string Of(string name)
    {
        var key = new StringBuilder();
        var digits = new StringBuilder();
        foreach (var rune in Folding.Of(name))
        {
            if (rune is { IsAscii: true } && char.IsAsciiDigit((char)rune.Value))
            {
                digits.Append((char)rune.Value);
                continue;
            }

            AddNumber();
            if (!rune.IsAscii)
                key.Append(CultureInfo.InvariantCulture, $"~{Math.Min(rune.Value, 0xfffff):x5}");
            else if (char.IsAsciiLetter((char)rune.Value))
                key.Append(char.ToLowerInvariant((char)rune.Value));
            else if (key.Length > 0 && key[^1] != '-')
                key.Append('-');
            if (key.Length >= MostCharacters)
                break;
        }

        AddNumber();
        var text = key.ToString(0, Math.Min(key.Length, MostCharacters));
        return text.TrimEnd('-');

        void AddNumber()
        {
            if (digits.Length == 0)
                return;
            var number = digits.ToString().TrimStart('0');
            number = number.Length > 0 ? number : "0";
            key.Append((char)('0' + Math.Min(number.Length, MostDigits))).Append(number);
            digits.Clear();
        }
    }

    /// <summary>Whether this is the key of some video by its name.</summary>
    public static bool IsKey(string text) =>
        text.IndexOf(End, StringComparison.Ordinal) is >= 0 and <= MostCharacters and var end
        && VideoId.TryParse(text[(end + 1)..]) is not null
        && text[..end].All(c => char.IsAsciiDigit(c) || char.IsAsciiLetterLower(c) || c is '-' or '~');

    /// <summary>The id at the end of a key.</summary>
    public static VideoId IdOf(string key) => VideoId.Parse(key[^VideoId.TextLength..]);
}
