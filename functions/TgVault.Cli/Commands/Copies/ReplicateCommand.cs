using System.CommandLine;
using TgVault.Cli.Client;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Copies;

/// <summary>
/// <c>tgvault replicate [ID]</c>: looks at the header of every copy, and makes those anew that are missing or damaged, in replicas and in
/// channels. What is there stays untouched.
/// </summary>
static class ReplicateCommand
{
    public static Command Create()
    {
        var id = StoredVideos.Argument();
        var command = new Command("replicate", "Make the copies that are missing, in replicas and in channels.") { id };
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                if (await vault.ShowStatusAsync(cancellationToken) is { } now && !now.TryGetProperty("replicas", out _))
                    throw new CommandFailedException(
                        "The vault has no replica: set TgVault__Replicas__0__Folder to a folder on another disk, "
                            + "TgVault__Replicas__0__Blobs to a storage account, or TgVault__Replicas__0__Channel to another channel, "
                            + "and start it again."
                    );
                var run = new CopyRun(vault, new CopyWish(Whole: false, LookOnly: false, null, null));
                if (parsed.GetValue(id) is null)
                    await run.LookAtCatalogueAsync(cancellationToken);
                var totals = await run.RunAsync(StoredVideos.FindAsync(vault, parsed.GetValue(id), cancellationToken), cancellationToken);
                CopyLines.Print(totals);
                return totals.IsUnmended || totals.IsUnchecked ? ExitCodes.Failed : ExitCodes.Done;
            }
        );
        return command;
    }
}
