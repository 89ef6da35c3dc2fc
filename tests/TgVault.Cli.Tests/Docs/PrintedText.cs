using System.Text.RegularExpressions;

namespace TgVault.Cli.Tests.Docs;

/// <summary>
/// Compares what a page says is printed with what is printed here. Ids, links, keys, times, sizes and ports differ from run to run; all
/// else must be the same. Ids of the page are remembered, so that later commands of the page get the ids of this run.
/// </summary>
internal sealed partial class PrintedText
{
    readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);

    /// <summary>Fails with both texts where they differ.</summary>
    public void Compare(string where, string written, string printed)
    {
        var (said, saidIds) = Neutral(written);
        var (seen, seenIds) = Neutral(printed);
        Assert.True(said == seen, $"{where}: the page says\n{written}\nand this was printed:\n{printed}");
        foreach (var (id, here) in saidIds.Zip(seenIds))
            Assert.True(_ids.TryAdd(id, here) || _ids[id] == here, $"{where}: {id} is another video than before.");
    }

    /// <summary>The command with the ids of this run.</summary>
    public string Translate(string command) => Variable().Replace(command, match => _ids.GetValueOrDefault(match.Value, match.Value));

    static (string Text, List<string> Ids) Neutral(string text)
    {
        var ids = new List<string>();
        var neutral = Variable()
            .Replace(
                text.TrimEnd().ReplaceLineEndings("\n"),
                match =>
                {
                    var kind = match.Groups.Keys.First(name => !char.IsAsciiDigit(name[0]) && match.Groups[name].Success);
                    if (kind == "id")
                        ids.Add(match.Value);
                    return $"<{kind}>";
                }
            );
        return (neutral, ids);
    }

    [GeneratedRegex(
        """
            (?<token>\beyJ[\w-]+\.[\w-]+\.[\w-]+)
            | (?<id>\b[0-9a-hjkmnp-tv-z]{26}\b)
            # What a page shows is what a terminal shows; a file is told where the key is.
            | (?<secret>\b[0-9a-f]{64}\b|\btgv_[0-9a-f]{16}_[\w-]{43}|\bv\d+\.[0-9a-f]{16}\b|\bin\ /\S+/run\.json$)
            | (?<address>http://localhost:\d+/signin\#[\w-]+|\./tgvault\ open\ prints\ an\ address$)
            | (?<time>\b\d{4}-\d\d-\d\d[T\ ][\d:.]+(?:\ ?[+-]\d\d:\d\d)?)
            | (?<size>\b[\d.]+\ (?:B|KiB|MiB)\b)
            | (?<port>(?<=localhost:)\d+)
            | (?<folder>(?<=^|\ )/\S+/)(?=[\w.]+$)
            """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.Multiline
    )]
    private static partial Regex Variable();
}
