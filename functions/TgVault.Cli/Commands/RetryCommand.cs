using System.CommandLine;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands;

/// <summary><c>tgvault retry ID</c>: tries a failed ingest again, from the upload that was kept.</summary>
static class RetryCommand
{
    public static Command Create()
    {
        var id = ShowCommand.IdArgument();
        var command = new Command("retry", "Try again to store a video that failed.") { id };
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                await vault.RetryAsync(parsed.GetRequiredValue(id), cancellationToken);
                Output.Line(parsed.GetRequiredValue(id));
                return 0;
            }
        );
        return command;
    }
}
