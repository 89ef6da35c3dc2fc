using System.CommandLine;
using TgVault.Cli.Commands.Running;
using TgVault.Cli.Terminal;
using TgVault.Core.Rows.Sqlite;

namespace TgVault.Cli.Commands.Recovering;

/// <summary><c>tgvault backup FILE</c>: copies a vault's rows into a file, also while the vault runs.</summary>
static class BackupCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The file to make." };
        var command = new Command("backup", "Copy a vault's rows (names, captions, where films lie) into a file, also while it runs.")
        {
            file,
        };
        var storage = new StorageOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var path = Path.GetFullPath(parsed.GetRequiredValue(file));
                await VaultCopies.BackupAsync(storage.Find(parsed), path, cancellationToken);
                Output.Line(path);
                Notice.PrintError(
                    "It opens only with the master secret (secrets.json): keep that apart from it. Films, and uploads that are not stored "
                        + "yet, are not in it."
                );
                return 0;
            }
        );
        return command;
    }
}
