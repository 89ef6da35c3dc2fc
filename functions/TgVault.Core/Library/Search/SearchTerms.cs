using System.Collections.Immutable;
using TgVault.Core.Videos;

namespace TgVault.Core.Library.Search;

/// <summary>
/// What a text looks for: videos that have, for each of its words, a word that begins so. Quotes, operators and stars mean nothing.
/// </summary>
sealed class SearchTerms
{
    /// <summary>Characters of a search.</summary>
    public const int MostCharacters = 200;

    SearchTerms(ImmutableArray<string> wanted) => Wanted = wanted;

    /// <summary>
    /// The longest first, each once, without those that another begins with. Empty where the text has no word: then nothing is found.
    /// </summary>
    public ImmutableArray<string> Wanted { get; }

    /// <exception cref="ArgumentException">It is longer than <see cref="MostCharacters"/>.</exception>
    public static SearchTerms Parse(string text)
    {
        if (text.Length > MostCharacters)
            throw new ArgumentException($"A search has at most {MostCharacters} characters.", nameof(text));
        var wanted = ImmutableArray.CreateBuilder<string>();
        foreach (var word in Words.Wanted(text).OrderByDescending(word => word.Length).ThenBy(word => word, StringComparer.Ordinal))
        {
            if (!wanted.Any(longer => longer.StartsWith(word, StringComparison.Ordinal)))
                wanted.Add(word);
        }

        return new SearchTerms(wanted.DrainToImmutable());
    }

    public bool Match(VideoDetails details)
    {
        if (Wanted.IsEmpty)
            return false;
        var words = VideoWords.Of(details);
        return Wanted.All(wanted => words.Any(word => word.StartsWith(wanted, StringComparison.Ordinal)));
    }
}
