using System.CommandLine;
using TgVault.Cli.Client;

namespace TgVault.Cli.Commands.Looking;

/// <summary><c>tgvault ls</c>: videos, newest first.</summary>
static class ListCommand
{
    public static Command Create()
    {
        var search = new Option<string?>("--search")
        {
            Description = "Only those with words that begin so, in name, folder, tags or description.",
            HelpName = "WORDS",
        };
        var folder = new Option<string?>("--folder") { Description = "Only those of this folder.", HelpName = "F" };
        var below = new Option<bool>("--below") { Description = "With --folder: also those of all folders below it." };
        var tag = new Option<string?>("--tag") { Description = "Only those with this tag.", HelpName = "T" };
        var status = new Option<string?>("--status") { Description = "Only those in this status.", HelpName = "S" };
        status.AcceptOnlyFromAmong("waiting", "ingesting", "ready", "failed", "trashed", "deleting");
        var listing = new ListingOptions();
        var command = new Command("ls", "List videos, newest first.") { search, folder, below, tag, status };
        listing.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(below) && result.GetValue(folder) is null)
                result.AddError("--below goes with --folder.");
        });
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                var filter = new VideoFilter(
                    parsed.GetValue(search),
                    parsed.GetValue(folder) is { } name ? FolderName.Clean(name) : null,
                    parsed.GetValue(tag),
                    parsed.GetValue(status)
                )
                {
                    Below = parsed.GetValue(below),
                };
                return await new Listing(vault).PrintAsync(filter, listing.LimitOf(parsed), listing.IsJson(parsed), cancellationToken);
            }
        );
        return command;
    }
}
