using System.Text;
using TgVault.Core.Library.Search;
using TgVault.Core.Videos;

namespace TgVault.Core.Tests.Library;

public sealed class WordsTests
{
    [Theory]
    [InlineData("The.Big.Film_2019-1080p.mkv", "the big film 2019 1080p mkv")]
    [InlineData("Élan CAFÉ cafe\u0301 e\u0301e\u0300", "elan cafe cafe ee")]
    [InlineData("Straße STRASSE ẞ ﬁlm Ærø Łódź Đà Nẵng", "strasse strasse ss film aero lodz da nang")]
    [InlineData("İstanbul ısı ΣΊΣΥΦΟΣ σίσυφος", "istanbul isi σισυφοσ σισυφοσ")]
    [InlineData("Ёлка й МОСКВА", "елка и москва")]
    [InlineData("１２３ Ａｂｃ ⅷ x² ①", "123 abc viii x2 1")]
    [InlineData("don't l’été O'Brien Hawaiʻi", "don t l ete o brien hawaii")]
    [InlineData("camelCase s01e02 4K60", "camelcase s01e02 4k60")]
    [InlineData("東京都", "東京 京都 都")]
    [InlineData("iPhone東京15", "iphone 東京 京 15")]
    [InlineData("が か\u3099 ｶﾞ", "か\u3099 か\u3099 カ\u3099")]
    [InlineData("한글 \u1112\u1161\u11ab", "\u1112\u1161\u11ab\u1100\u1173\u11af \u1112\u1161\u11ab")]
    [InlineData("हिन्दी", "हिन्दी")]
    [InlineData("שָׁלוֹם مُحَمَّد", "שלום محمد")]
    [InlineData("🎬 Film❤️end 👩🏽‍🚀", "🎬 film ❤ end 👩 🚀")]
    [InlineData("\ud83c broken \udfac half", "broken half")]
    [InlineData("soft\u00adhyphen zero\u200bwidth \ufeffbom", "softhyphen zerowidth bom")]
    [InlineData("a/b\\c#d?e%f\"g'h(i)*j:k", "a b c d e f g h i j k")]
    [InlineData("\u0301 -- !? \t\r\n", "")]
    [InlineData("", "")]
    public void A_text_is_these_words(string text, string expected) => Assert.Equal(expected, string.Join(' ', Words.Of(text)));

    [Theory]
    [InlineData("東京都", "東京 京都")]
    [InlineData("京", "京")]
    [InlineData("film 東京", "film 東京")]
    [InlineData("The Film", "the film")]
    public void A_search_wants_these_words(string text, string expected) => Assert.Equal(expected, string.Join(' ', Words.Wanted(text)));

    [Fact]
    public void What_is_folded_does_not_change_any_more()
    {
        var all = string.Concat(Enumerable.Range(0, 0x110000).Where(Rune.IsValid).Select(code => new Rune(code)));
        var folded = string.Concat(Folding.Of(all));

        Assert.NotEqual(all, folded);
        Assert.Equal(folded, string.Concat(Folding.Of(folded)));
        // No capital letter is left of which the runtime knows the small letter. Cherokee folds to capitals (Unicode, CaseFolding).
        var letters = folded.EnumerateRunes().Where(rune => Rune.IsLetter(rune) && !IsCherokee(rune) && !IsLater(rune)).ToList();
        Assert.Equal(string.Concat(letters.Select(Rune.ToLowerInvariant)), string.Concat(letters));
    }

    static bool IsCherokee(Rune rune) => rune.Value is >= 0x13a0 and <= 0x13f5;

    // Capitals that came after Unicode 14, of which the table is.
    static bool IsLater(Rune rune) => rune.Value is 0x1c89 or (>= 0xa7cb and <= 0xa7dc) or (>= 0x10d50 and <= 0x10d65);

    [Fact]
    public void Words_and_their_number_are_bounded()
    {
        var long_ = Assert.Single(Words.Of(new string('x', 5000)));
        Assert.Equal(Words.MostCharacters, long_.Length);
        Assert.Equal(2 * Words.MostCharacters, Assert.Single(Words.Of(string.Concat(Enumerable.Repeat("𐐨", 100)))).Length);
        Assert.InRange(Assert.Single(Words.Of("か" + new string('\u3099', 5000))).Length, 2, 8);

        var many = VideoWords.Of(
            new VideoDetails
            {
                Name = "name",
                Tags = ["tag"],
                Description = string.Join(' ', Enumerable.Range(0, 5000)),
            }
        );
        Assert.Equal(VideoWords.Most, many.Count);
        Assert.Superset(new HashSet<string> { "name", "tag", "0", "509" }, many.ToHashSet());
    }

    [Fact]
    public void An_index_has_every_beginning_of_up_to_eight_characters()
    {
        Assert.Equal(
            ["e", "el", "ele", "elep", "eleph", "elepha", "elephan", "elephant", "𐐨", "𐐨𐐨"],
            VideoWords.Beginnings(["elephants", "el", "𐐨𐐨"]).Order(StringComparer.Ordinal)
        );
        Assert.Equal("elephant", VideoWords.Beginning("elephants"));
        Assert.Equal("el", VideoWords.Beginning("el"));
    }

    [Fact]
    public void A_search_has_each_word_once_the_longest_first_and_none_that_another_begins_with()
    {
        Assert.Equal(["film", "big", "xy"], SearchTerms.Parse("xy fi Film big BIG fil film").Wanted.AsEnumerable());
        Assert.Empty(SearchTerms.Parse(" -- \" * ").Wanted);
        SearchTerms.Parse(new string('x', SearchTerms.MostCharacters));
        Assert.Throws<ArgumentException>(() => SearchTerms.Parse(new string('x', SearchTerms.MostCharacters + 1)));
    }
}
