namespace TgVault.Cli.Terminal;

/// <summary>
/// What a program that goes on tells whoever may be there: a terminal or a pipe that has gone is no reason to end. Results of
/// commands do not come this way: to lose one is a failure.
/// </summary>
static class Notice
{
    public static void Print(string text) => Print(Console.Out, text);

    public static void PrintError(string text) => Print(Console.Error, text);

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
