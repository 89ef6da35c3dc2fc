namespace TgVault.Cli.Terminal;

/// <summary>
/// What a program that goes on tells whoever may be there: a terminal or a pipe that has gone is no reason to end. Results of
/// commands do not come this way: to lose one is a failure.
/// </summary>
static class Notice
{
    public static void Print(string text) => Print(Console.Out, text);

    /// <summary>On a terminal a long sentence is broken between its words.</summary>
    public static void PrintError(string text)
    {
        if (!Output.ErrorIsTerminal)
            Print(Console.Error, text);
        else
            foreach (var line in TextWidth.Wrap(text, Output.ErrorWidth))
                Print(Console.Error, line);
    }

    static void Print(TextWriter writer, string text)
    {
        try
        {
            writer.WriteLine(text);
        }
        catch (IOException)
        {
            // Nobody is there to read it.
        }
    }
}
