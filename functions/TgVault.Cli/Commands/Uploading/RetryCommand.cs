using System.CommandLine;
using TgVault.Cli.Client.Videos;
using TgVault.Cli.Commands.Editing;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Uploading;

/// <summary>
/// <c>tgvault retry ID...</c>: tries failed ingests again, from the uploads that were kept, and has kept files stored as films where the
/// vault is set for it now.
/// </summary>
static class RetryCommand
{
    public static Command Create()
    {
        var ids = EditCommand.IdsArgument("The videos to try again");
        var command = new Command("retry", "Try again to store what failed, or to make kept files play once the vault is set for it.")
        {
            ids,
        };
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                return await Edits.EachAsync(
                    parsed.GetRequiredValue(ids),
                    new VideoLookup(vault),
                    async video =>
                    {
                        await vault.RetryAsync(video.Id, cancellationToken);
                        Output.Line(video.Id);
                        if (video.Status == "ready")
                            Notice.PrintError(
                                SafeText.Of($"{video.Name} is fetched from the channel and stored anew; till then it stays a file.")
                            );
                    },
                    cancellationToken
                );
            }
        );
        return command;
    }
}
