using System.CommandLine;
using TgVault.Cli.Client;
using TgVault.Cli.Client.Videos;

namespace TgVault.Cli.Commands.Looking;

/// <summary><c>tgvault ls</c>: videos, newest first or in another order.</summary>
static class ListCommand
{
    public static Command Create()
    {
        var where = new Argument<string?>("FOLDER") { Arity = ArgumentArity.ZeroOrOne, Description = "Only those of this folder." };
        var search = new Option<string?>("--search")
        {
            Description = "Only those with words that begin so, in name, folder, tags or description.",
            HelpName = "WORDS",
        };
        var folder = new Option<string?>("--folder") { Description = "The same as FOLDER.", HelpName = "F" };
        var below = new Option<bool>("--below") { Description = "With a folder: also those of all folders below it." };
        var tag = new Option<string?>("--tag") { Description = "Only those with this tag.", HelpName = "T" };
        var status = new Option<string?>("--status") { Description = "Only those in this status.", HelpName = "S" };
        status.AcceptOnlyFromAmong("waiting", "ingesting", "ready", "failed", "trashed", "deleting");
        var order = new Option<string?>("--sort") { Description = "What comes first. Goes with a folder and a tag.", HelpName = "ORDER" };
        order.AcceptOnlyFromAmong("newest", "name", "largest", "smallest", "longest", "shortest");
        var listing = new ListingOptions();
        var command = new Command("ls", "List videos, newest first or as --sort says.")
        {
            where,
            search,
            folder,
            below,
            tag,
            status,
            order,
        };
        listing.AddTo(command);
        command.Validators.Add(result =>
        {
            var given = new[] { result.GetValue(where), result.GetValue(folder) }.Count(name => name is not null);
            if (given > 1)
                result.AddError("Name one folder.");
            else if (result.GetValue(below) && given == 0)
                result.AddError("--below goes with a folder.");
            else if (
                result.GetValue(order) is not (null or "newest")
                && (result.GetValue(search) is not null || result.GetValue(status) is not null)
            )
                result.AddError("--sort does not go with --search and --status: what these find comes newest first.");
        });
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                var filter = new VideoFilter(
                    parsed.GetValue(search),
                    (parsed.GetValue(where) ?? parsed.GetValue(folder)) is { } name ? FolderName.Clean(name) : null,
                    parsed.GetValue(tag),
                    parsed.GetValue(status)
                )
                {
                    Below = parsed.GetValue(below),
                    Order = parsed.GetValue(order),
                };
                return await new Listing(vault).PrintAsync(filter, listing.LimitOf(parsed), listing.IsJson(parsed), cancellationToken);
            }
        );
        return command;
    }
}
