using System.CommandLine;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Help;

/// <summary>A command of the script <c>tgvault</c>, which never hands it over; here so that help lists it.</summary>
static class ScriptCommand
{
    public static Command Create(string name, string description)
    {
        var command = new Command(name, description) { TreatUnmatchedTokensAsErrors = false };
        command.SetAction(
            (Func<ParseResult, int>)(_ => throw new CommandFailedException($"{name} is for the script of a clone: ./tgvault {name}."))
        );
        return command;
    }
}
