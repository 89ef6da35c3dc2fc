using System.CommandLine;

namespace TgVault.Cli.Commands.Rotating;

/// <summary><c>tgvault rotate</c>: replaces what the vault's keys and links come from.</summary>
static class RotateCommand
{
    public static Command Create() =>
        new("rotate", "Replace the master secret, or end every link at once.")
        {
            RotateMasterCommand.Create(),
            RotateLinksCommand.Create(),
        };
}
