using System.CommandLine;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Running;

/// <summary><c>tgvault open</c>: an address that signs a browser in to the web app.</summary>
static class OpenCommand
{
    public static Command Create()
    {
        var command = new Command("open", "Print an address that signs one browser in to the web app, within an hour.");
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                Output.Line(await vault.SignInUrlAsync(cancellationToken));
                return 0;
            }
        );
        return command;
    }
}
