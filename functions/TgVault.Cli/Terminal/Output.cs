using System.Text.Json;
using Spectre.Console;

namespace TgVault.Cli.Terminal;

/// <summary>What commands print: results on standard output, everything about the work on standard error.</summary>
static class Output
{
    /// <summary>For progress; draws only where standard error is a terminal.</summary>
    public static IAnsiConsole Error { get; } = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    public static bool IsTerminal => !Console.IsOutputRedirected;

    public static bool ErrorIsTerminal => !Console.IsErrorRedirected;

    /// <summary>One value on one line. Everything beyond ASCII is escaped, so that no name can play with a terminal.</summary>
    public static void Json<T>(T value) => Console.Out.WriteLine(JsonSerializer.Serialize(value, JsonSerializerOptions.Web));

    public static void Line(string text) => Console.Out.WriteLine(SafeText.Of(text));

    /// <summary>Columns for a person on a terminal; one row a line, cells apart by tabs, for anything else.</summary>
    public static void Table(string[] titles, IEnumerable<string[]> rows)
    {
        if (Console.IsOutputRedirected)
        {
            foreach (var row in rows)
                Console.Out.WriteLine(string.Join('\t', row.Select(SafeText.Of)));
            return;
        }

        var table = new Table().Border(TableBorder.None);
        foreach (var title in titles)
            table.AddColumn(new TableColumn(new Text(title, new Style(decoration: Decoration.Bold))).PadRight(2));
        foreach (var row in rows)
            table.AddRow(row.Select(cell => new Text(SafeText.Of(cell))));
        AnsiConsole.Write(table);
    }
}
