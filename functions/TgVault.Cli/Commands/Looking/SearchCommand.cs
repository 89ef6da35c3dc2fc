using System.CommandLine;
using TgVault.Cli.Client;

namespace TgVault.Cli.Commands.Looking;

/// <summary><c>tgvault search WORDS</c>: videos with words that begin so.</summary>
static class SearchCommand
{
    public static Command Create()
    {
        var words = new Argument<string[]>("WORDS")
        {
            Arity = ArgumentArity.OneOrMore,
            Description = "Beginnings of words in name, folder, tags or description; all of them are wanted.",
        };
        var listing = new ListingOptions();
        var command = new Command("search", "Find videos by words.") { words };
        listing.AddTo(command);
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                var filter = VideoFilter.All with { Search = string.Join(' ', parsed.GetRequiredValue(words)) };
                return await new Listing(vault).PrintAsync(filter, listing.LimitOf(parsed), listing.IsJson(parsed), cancellationToken);
            }
        );
        return command;
    }
}
