using System.CommandLine;
using System.CommandLine.Parsing;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Help;

/// <summary>What is wrong with a command line, one line for each fault, and where help is.</summary>
static class UsageErrors
{
    // Typing errors; more is another word.
    const int MostChanges = 2;

    const StringSplitOptions Blank = StringSplitOptions.RemoveEmptyEntries;

    public static void Print(ParseResult parsed)
    {
        foreach (var line in Of(parsed))
            Failures.Print(line);
    }

    /// <summary>The first option that the command does not have; null where there is none. Where a command takes many arguments, the
    /// parser takes it for one of them, and a typing error would be a file, or an id.</summary>
    public static string? FindUnknownOption(ParseResult parsed) =>
        parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash)
            ? null
            : parsed
                .CommandResult.Children.OfType<ArgumentResult>()
                .SelectMany(argument => argument.Tokens)
                .Concat(parsed.UnmatchedTokens.Select(text => new Token(text, TokenType.Argument, null!)))
                .Select(token => token.Value)
                .FirstOrDefault(text => text.StartsWith("--", StringComparison.Ordinal));

    internal static IEnumerable<string> Of(ParseResult parsed)
    {
        var first = parsed.Tokens.Count > 0 ? parsed.Tokens[0].Value : "";
        if (first.StartsWith('-'))
            return [$"Options stand behind the command, as in ./tgvault ls {first}; `./tgvault --help` lists commands."];
        var command = parsed.CommandResult.Command;
        if (command is RootCommand root)
            return [$"There is no command {first}{Like(first, root.Subcommands.Select(one => one.Name))} `./tgvault --help` lists them."];
        var help = $"`./tgvault {command.Name} --help`";
        if (FindUnknownOption(parsed) is { } unknown)
            return [$"{command.Name} has no option {unknown}{Like(unknown, Options(command))} {help} lists what it takes."];
        var errors = parsed.Errors.Select(Describe);
        return errors.Distinct().Select((error, at) => at == 0 ? $"{error}. {help} says more." : $"{error}.");
    }

    // The parser names only what was given, where one word of several is wanted.
    static string Describe(ParseError error)
    {
        var message = string.Join(' ', error.Message.Split([' ', '\n', '\r', '\t'], Blank)).TrimEnd('.');
        return error.SymbolResult is OptionResult option && message.StartsWith("Argument '", StringComparison.Ordinal)
            ? $"{option.Option.Name}: {char.ToLowerInvariant(message[0])}{message[1..]}"
            : message;
    }

    static IEnumerable<string> Options(Command command) => command.Options.SelectMany(option => option.Aliases.Prepend(option.Name));

    static string Like(string given, IEnumerable<string> names)
    {
        var (name, changes) = names.Select(name => (name, Changes(given, name))).MinBy(pair => pair.Item2);
        return changes <= MostChanges && changes < given.Length ? $"; do you mean {name}?" : ".";
    }

    /// <summary>Letters to add, remove, replace or swap with the next until one is the other (optimal string alignment).</summary>
    internal static int Changes(string one, string other)
    {
        var table = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++)
        {
            for (var j = 0; j <= other.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    table[i, j] = i + j;
                    continue;
                }

                var same = one[i - 1] == other[j - 1] ? 0 : 1;
                table[i, j] = Math.Min(Math.Min(table[i - 1, j], table[i, j - 1]) + 1, table[i - 1, j - 1] + same);
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
            }
        }

        return table[one.Length, other.Length];
    }
}
