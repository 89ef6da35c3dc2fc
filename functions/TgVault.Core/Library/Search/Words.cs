using System.Globalization;
using System.Text;

namespace TgVault.Core.Library.Search;

/// <summary>
/// A text as the words that are searched: runs of letters and numbers, folded (<see cref="Folding"/>); all else separates. Symbols such as
/// emoji are words by themselves. Scripts that put no spaces between words are cut into overlapping pairs, so that any part is found:
/// <c>東京都</c> is <c>東京</c>, <c>京都</c> and <c>都</c>. Whatever keeps the rows, this decides what is found.
/// </summary>
static class Words
{
    /// <summary>Characters of a word; what is longer is cut, in texts and in queries.</summary>
    public const int MostCharacters = 32;

    // A character with its marks, in UTF-16.
    const int MostOfOne = 6;

    // The two letters that stand for an apostrophe within names.
    const int Okina = 0x2bb;
    const int Apostrophe = 0x2bc;

    /// <summary>Scripts without spaces: Thai, Lao, Tibetan, Myanmar, Khmer, kana, Han.</summary>
    static readonly (int First, int Last)[] Unspaced =
    [
        (0xe00, 0xedf),
        (0xf00, 0xfff),
        (0x1000, 0x109f),
        (0x1780, 0x17ff),
        (0x3005, 0x3007),
        (0x3040, 0x30ff),
        (0x31f0, 0x31ff),
        (0x3400, 0x4dbf),
        (0x4e00, 0x9fff),
        (0xf900, 0xfaff),
        (0x20000, 0x3ffff),
    ];

    /// <summary>The words of a text that is searched, in their order, with those that come again.</summary>
    public static IEnumerable<string> Of(string text) => Split(text, keepsLast: true);

    /// <summary>
    /// The words that have to be in what a text looks for: as <see cref="Of"/>, but the last of a run of pairs is one of them.
    /// </summary>
    public static IEnumerable<string> Wanted(string text) => Split(text, keepsLast: false);

    static IEnumerable<string> Split(string text, bool keepsLast)
    {
        var word = new Builder();
        var before = "";
        var last = "";
        foreach (var rune in Folding.Of(text))
        {
            switch (KindOf(rune))
            {
                case Kind.Nothing:
                    break;
                case Kind.Mark when last.Length > 0:
                    if (last.Length < MostOfOne)
                        last += rune;
                    break;
                case Kind.Mark when !word.IsEmpty:
                    word.Add(rune);
                    break;
                case Kind.Letter:
                    if (last.Length > 0)
                    {
                        foreach (var pair in EndRun())
                            yield return pair;
                    }

                    word.Add(rune);
                    break;
                case Kind.Unspaced:
                    if (word.Take() is { } ended)
                        yield return ended;
                    if (before.Length > 0)
                        yield return before + last;
                    (before, last) = (last, rune.ToString());
                    break;
                case var kind:
                    if (word.Take() is { } whole)
                        yield return whole;
                    foreach (var pair in EndRun())
                        yield return pair;
                    if (kind == Kind.Symbol)
                        yield return rune.ToString();
                    break;
            }
        }

        if (word.Take() is { } rest)
            yield return rest;
        foreach (var pair in EndRun())
            yield return pair;

        IEnumerable<string> EndRun()
        {
            var (first, second) = (before, last);
            (before, last) = ("", "");
            if (first.Length > 0)
                yield return first + second;
            if (second.Length > 0 && (keepsLast || first.Length == 0))
                yield return second;
        }
    }

    static Kind KindOf(Rune rune)
    {
        if (rune.IsAscii)
            return char.IsAsciiLetterOrDigit((char)rune.Value) ? Kind.Letter : Kind.Separator;
        if (rune.Value is Okina or Apostrophe)
            return Kind.Nothing;
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter
            or UnicodeCategory.LowercaseLetter
            or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter
            or UnicodeCategory.OtherLetter
            or UnicodeCategory.DecimalDigitNumber
            or UnicodeCategory.LetterNumber
            or UnicodeCategory.OtherNumber => Array.Exists(Unspaced, range => rune.Value >= range.First && rune.Value <= range.Last)
                ? Kind.Unspaced
                : Kind.Letter,
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => Kind.Mark,
            // Joiners and the like: within words and between emoji.
            UnicodeCategory.Format => Kind.Nothing,
            UnicodeCategory.OtherSymbol when rune != Rune.ReplacementChar => Kind.Symbol,
            _ => Kind.Separator,
        };
    }

    enum Kind
    {
        Separator,
        Nothing,
        Letter,
        Mark,
        Unspaced,
        Symbol,
    }

    /// <summary>The word that grows.</summary>
    sealed class Builder
    {
        readonly StringBuilder _text = new();
        int _characters;

        public bool IsEmpty => _characters == 0;

        public void Add(Rune rune)
        {
            if (_characters < MostCharacters)
                _text.Append(rune.ToString());
            _characters++;
        }

        /// <summary>The word, which is over; null where there was none.</summary>
        public string? Take()
        {
            if (IsEmpty)
                return null;
            var word = _text.ToString();
            _text.Clear();
            _characters = 0;
            return word;
        }
    }
}
