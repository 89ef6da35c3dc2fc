using System.Globalization;
using System.Text;
using Spectre.Console.Rendering;

namespace TgVault.Cli.Terminal;

/// <summary>How many columns of a terminal a text takes: letters of East Asia and emoji take two.</summary>
static class TextWidth
{
    const char Ellipsis = '…';

    // Makes a picture of the sign before it.
    const string EmojiStyle = "\uFE0F";

    public static int Of(string text)
    {
        var width = 0;
        foreach (var element in Elements(text))
            width += OfElement(element);
        return width;
    }

    /// <summary>The text with blanks behind it, or cut, with an ellipsis: exactly so many columns.</summary>
    public static string Fit(string text, int width)
    {
        text = Cut(text, width);
        return text + new string(' ', Math.Max(0, width - Of(text)));
    }

    /// <summary>The text if it fits, or its beginning and an ellipsis: at most so many columns.</summary>
    public static string Cut(string text, int width)
    {
        if (Of(text) <= width)
            return text;
        if (width < 1)
            return "";
        var cut = new StringBuilder();
        var left = width - 1;
        foreach (var element in Elements(text))
        {
            left -= OfElement(element);
            if (left < 0)
                break;
            cut.Append(element);
        }

        return cut.Append(Ellipsis).ToString();
    }

    /// <summary>
    /// The text as lines of at most so many columns, broken at blanks only: a word that is longer, and what stands in backticks to be
    /// copied, stays whole.
    /// </summary>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        var line = new StringBuilder();
        foreach (var word in Words(text))
        {
            if (line.Length > 0 && Of(line.ToString()) + 1 + Of(word) > width)
            {
                yield return line.ToString();
                line.Clear();
            }

            if (line.Length > 0)
                line.Append(' ');
            line.Append(word);
        }

        yield return line.ToString();
    }

    static IEnumerable<string> Words(string text)
    {
        var begun = "";
        foreach (var part in text.Split(' '))
        {
            begun = begun.Length > 0 ? $"{begun} {part}" : part;
            // Between an odd backtick and the next.
            if (begun.Count(c => c == '`') % 2 != 0)
                continue;
            yield return begun;
            begun = "";
        }

        if (begun.Length > 0)
            yield return begun;
    }

    static IEnumerable<string> Elements(string text)
    {
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
            yield return elements.GetTextElement();
    }

    // What is joined is shown as one: a family is as wide as its first member.
    static int OfElement(string element) =>
        element.Contains(EmojiStyle, StringComparison.Ordinal)
            ? 2
            : element.EnumerateRunes().Select(rune => Math.Max(0, new Segment(rune.ToString()).CellCount())).DefaultIfEmpty().Max();
}
