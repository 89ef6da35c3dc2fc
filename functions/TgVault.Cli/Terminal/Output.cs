using System.Text.Json;
using Spectre.Console;

namespace TgVault.Cli.Terminal;

/// <summary>What commands print: results on standard output, everything about the work on standard error.</summary>
static class Output
{
    const int DefaultWidth = 80;
    const int TitleWidth = 10;

    /// <summary>For progress; draws only where standard error is a terminal.</summary>
    public static IAnsiConsole Error { get; } = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    public static bool IsTerminal => !Console.IsOutputRedirected;

    public static bool ErrorIsTerminal => !Console.IsErrorRedirected;

    /// <summary>One value on one line. Everything beyond ASCII is escaped, so that no name can play with a terminal.</summary>
    public static void Json<T>(T value) => Console.Out.WriteLine(JsonSerializer.Serialize(value, JsonSerializerOptions.Web));

    public static void Line(string text) => Console.Out.WriteLine(SafeText.Of(text));

    /// <summary>How many columns the terminal of standard output has; 80 where there is none.</summary>
    public static int Width => WidthOf(Console.IsOutputRedirected);

    /// <summary>The same of standard error.</summary>
    public static int ErrorWidth => WidthOf(Console.IsErrorRedirected);

    /// <summary>A title and what it says; nothing where that is empty. On a terminal what is long goes on below its beginning.</summary>
    public static void Field(string title, string value)
    {
        if (value.Length == 0)
            return;
        value = SafeText.Of(value);
        var lines = IsTerminal ? TextWidth.Wrap(value, Math.Max(TitleWidth, Width - TitleWidth)) : [value];
        foreach (var line in lines)
        {
            Console.Out.WriteLine(title.PadRight(TitleWidth) + line);
            title = "";
        }
    }

    /// <summary>A line for a person, cut where a terminal ends.</summary>
    public static void Cut(string text)
    {
        text = SafeText.Of(text);
        Console.Out.WriteLine(IsTerminal ? TextWidth.Cut(text, Width) : text);
    }

    static int WidthOf(bool isRedirected)
    {
        try
        {
            return isRedirected || Console.WindowWidth <= 0 ? DefaultWidth : Console.WindowWidth;
        }
        catch (IOException)
        {
            return DefaultWidth;
        }
    }

    /// <summary>Columns for a person on a terminal; one row a line, cells apart by tabs, for anything else.</summary>
    /// <param name="nothing">What to say where there is no row.</param>
    public static void Table(string[] titles, IEnumerable<string[]> rows, string nothing = "") =>
        Table([.. titles.Select(title => new Column(title))], [.. rows], row => row, row => row, nothing);

    /// <summary>Columns for a person on a terminal; for anything else one row a line, its cells apart by tabs.</summary>
    /// <param name="shown">The cells of a row on a terminal.</param>
    /// <param name="piped">The cells of a row elsewhere, which scripts rely on.</param>
    /// <param name="nothing">What to say, beside standard output, where there is no row; then no titles are printed either.</param>
    public static void Table<T>(
        IReadOnlyList<Column> columns,
        IReadOnlyList<T> rows,
        Func<T, string[]> shown,
        Func<T, string[]> piped,
        string nothing = ""
    )
    {
        if (rows.Count == 0 && nothing.Length > 0)
        {
            Notice.PrintError(nothing);
            return;
        }

        var lines = Console.IsOutputRedirected
            ? rows.Select(row => string.Join('\t', piped(row).Select(SafeText.Of)))
            : TableLines.Of(columns, [.. rows.Select(shown)], Width);
        foreach (var line in lines)
            Console.Out.WriteLine(line);
    }
}
