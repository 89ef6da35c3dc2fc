using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace TgVault.Core.Library.Search;

/// <summary>
/// Characters without accents, case and form: <c>É</c> and a decomposed <c>é</c> are <c>e</c>, <c>ß</c> is <c>ss</c>, <c>ﬁ</c> is
/// <c>fi</c>. By a table of its own, because the runtime normalises nothing without ICU, and so that every machine finds the same.
/// </summary>
static class Folding
{
    /// <summary>
    /// Marks that are left out: accents, Cyrillic titlos, Hebrew points, Arabic vowels, and what picks a form of a symbol. Other marks (the
    /// vowels of Indic scripts, voiced kana) make another letter.
    /// </summary>
    static readonly (int First, int Last)[] Dropped =
    [
        (0x300, 0x36f),
        (0x483, 0x489),
        (0x591, 0x5bd),
        (0x5bf, 0x5bf),
        (0x5c1, 0x5c2),
        (0x5c4, 0x5c5),
        (0x5c7, 0x5c7),
        (0x610, 0x61a),
        (0x64b, 0x65f),
        (0x670, 0x670),
        (0x6d6, 0x6dc),
        (0x6df, 0x6e4),
        (0x6e7, 0x6e8),
        (0x6ea, 0x6ed),
        (0x1ab0, 0x1aff),
        (0x1dc0, 0x1dff),
        (0x20d0, 0x20ff),
        (0xfe00, 0xfe0f),
        (0xfe20, 0xfe2f),
    ];

    // Hangul syllables are composed by arithmetic (Unicode, 3.12).
    const int FirstSyllable = 0xac00;
    const int Syllables = 11_172;
    const int FirstLeading = 0x1100;
    const int FirstVowel = 0x1161;
    const int BeforeTrailing = 0x11a7;
    const int Vowels = 21;
    const int Trailings = 28;

    static readonly Lazy<FrozenDictionary<int, Rune[]>> Table = new(ReadTable);

    /// <summary>What <paramref name="text"/> is folded to. Half a surrogate pair becomes U+FFFD.</summary>
    public static IEnumerable<Rune> Of(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii)
            {
                yield return new Rune(char.ToLowerInvariant((char)rune.Value));
            }
            else if (rune.Value is >= FirstSyllable and < FirstSyllable + Syllables)
            {
                var syllable = rune.Value - FirstSyllable;
                yield return new Rune(FirstLeading + (syllable / (Vowels * Trailings)));
                yield return new Rune(FirstVowel + (syllable / Trailings % Vowels));
                if (syllable % Trailings is > 0 and var trailing)
                    yield return new Rune(BeforeTrailing + trailing);
            }
            else if (Table.Value.TryGetValue(rune.Value, out var folded))
            {
                foreach (var part in folded)
                    yield return part;
            }
            else if (!IsDropped(rune))
            {
                yield return rune;
            }
        }
    }

    static bool IsDropped(Rune rune) => Array.Exists(Dropped, range => rune.Value >= range.First && rune.Value <= range.Last);

    static FrozenDictionary<int, Rune[]> ReadTable()
    {
        var table = new Dictionary<int, Rune[]>();
        using var lines = new StreamReader(typeof(Folding).Assembly.GetManifestResourceStream("Folding.txt")!);
        while (lines.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
                continue;
            var sides = line.Split(" < ");
            Rune[] folded = [.. sides[0].Split(' ').Select(code => new Rune(Code(code)))];
            foreach (var range in sides[1].Split(' '))
            {
                var ends = range.Split('-');
                for (var code = Code(ends[0]); code <= Code(ends[^1]); code++)
                    table.Add(code, folded);
            }
        }

        return table.ToFrozenDictionary();
    }

    static int Code(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
