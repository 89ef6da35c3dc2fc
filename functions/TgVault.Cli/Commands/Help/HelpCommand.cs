using System.CommandLine;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Help;

/// <summary><c>tgvault help [COMMAND]</c>: what <c>--help</c> says. So does the command line without anything.</summary>
static class HelpCommand
{
    const string Name = "help";
    const string Option = "--help";

    public static Command Create()
    {
        var command = new Command(Name, "Say what there is, or what one command takes.")
        {
            new Argument<string?>("COMMAND") { Arity = ArgumentArity.ZeroOrOne, Description = "The command." },
        };
        command.SetAction(_ => ExitCodes.Done);
        return command;
    }

    /// <summary>The arguments with the option in place of the command.</summary>
    public static string[] Rewrite(string[] arguments) =>
        arguments switch
        {
            [] or [Name] => [Option],
            [Name, Option or "-h" or "-?", ..] => [Option],
            [Name, var command, ..] => [command, Option],
            _ => arguments,
        };
}
