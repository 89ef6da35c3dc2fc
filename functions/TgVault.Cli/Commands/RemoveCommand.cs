using System.CommandLine;
using TgVault.Cli.Client;
using TgVault.Cli.Commands.Editing;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands;

/// <summary><c>tgvault rm ID...</c>: removes videos, after asking.</summary>
static class RemoveCommand
{
    public static Command Create()
    {
        var ids = EditCommand.IdsArgument("The videos to remove");
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        var command = new Command("rm", "Remove videos for good.") { ids, yes };
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
                        if (!parsed.GetValue(yes) && !Confirm($"Remove {video.Id} ({video.Name}) for good?"))
                            return;
                        await vault.RemoveAsync(video.Id, cancellationToken);
                        Output.Line(video.Id);
                    },
                    cancellationToken
                );
            }
        );
        return command;
    }

    static bool Confirm(string question)
    {
        if (Console.IsInputRedirected)
            throw new CommandFailedException("Nothing was removed: give --yes where nobody can be asked.");
        Console.Error.Write($"{SafeText.Of(question)} [y/N] ");
        return Console.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }
}
