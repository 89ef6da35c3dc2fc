using System.CommandLine;
using TgVault.Cli.Commands.Running;
using TgVault.Cli.Terminal;
using TgVault.Core.Rows.Sqlite;

namespace TgVault.Cli.Commands.Recovering;

/// <summary><c>tgvault restore FILE</c>: puts a copy in the place of a vault's rows. The vault must not run.</summary>
static class RestoreCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "A copy that `backup` made, or one of the nightly ones." };
        var command = new Command("restore", "Put a copy in the place of a vault's rows; the vault must not run.") { file };
        var storage = new StorageOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var folder = storage.Find(parsed);
                var aside = await VaultCopies.RestoreAsync(parsed.GetRequiredValue(file), folder, TimeProvider.System, cancellationToken);
                Output.Line($"The rows in {folder} are those of {parsed.GetRequiredValue(file)}.");
                if (aside is not null)
                    Notice.PrintError($"Those that were there are kept in {aside}.");
                return 0;
            }
        );
        return command;
    }
}
