using TgVault.Core.Videos;

namespace TgVault.Core.Library.Search;

/// <summary>The words that a video is found by, each once: those of its name, its folder, its tags and its description.</summary>
static class VideoWords
{
    /// <summary>So many words at most, in that order: a longer description is found by its beginning.</summary>
    public const int Most = 512;

    /// <summary>
    /// Characters that an index knows of a word. What is looked for by more is read and compared, so an index may give too many videos,
    /// never too few; and a video has at most <see cref="Most"/> times as many beginnings.
    /// </summary>
    public const int IndexedCharacters = 8;

    public static IReadOnlySet<string> Of(VideoDetails details)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in (string[])[details.Name, details.Folder, .. details.Tags, details.Description])
        foreach (var word in Words.Of(text))
        {
            words.Add(word);
            if (words.Count == Most)
                return words;
        }

        return words;
    }

    /// <summary>What an index has for these words: all their beginnings of 1 to 8 characters.</summary>
    public static IReadOnlySet<string> Beginnings(IEnumerable<string> words)
    {
        var beginnings = new HashSet<string>(StringComparer.Ordinal);
        foreach (var word in words)
        {
            var (end, characters) = (0, 0);
            foreach (var rune in word.EnumerateRunes())
            {
                end += rune.Utf16SequenceLength;
                beginnings.Add(word[..end]);
                if (++characters == IndexedCharacters)
                    break;
            }
        }

        return beginnings;
    }

    /// <summary>The longest beginning of a word that an index has.</summary>
    public static string Beginning(string word)
    {
        var end = 0;
        foreach (var rune in word.EnumerateRunes().Take(IndexedCharacters))
            end += rune.Utf16SequenceLength;
        return word[..end];
    }
}
