using System.CommandLine;
using TgVault.Cli.Client.Videos;
using TgVault.Cli.Commands.Uploading;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Editing;

/// <summary><c>tgvault rm ID...</c>: puts videos into the trash, or removes them for good, after asking.</summary>
static class RemoveCommand
{
    public static Command Create()
    {
        var ids = EditCommand.IdsArgument("The videos to remove");
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        var permanent = new Option<bool>("--permanent") { Description = "For good, also from the trash." };
        var json = UploadCommand.JsonOption();
        var command = new Command("rm", "Put videos into the trash, or remove them for good.") { ids, yes, permanent, json };
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                var isPermanent = parsed.GetValue(permanent);
                return await Edits.EachAsync(
                    parsed.GetRequiredValue(ids),
                    new VideoLookup(vault) { Statuses = isPermanent ? [null, "trashed"] : [null] },
                    async video =>
                    {
                        if (!parsed.GetValue(yes) && !Confirm($"Remove {video.Id} ({video.Name}){(isPermanent ? " for good" : "")}?"))
                            return;
                        var removed = await vault.RemoveAsync(video.Id, isPermanent, cancellationToken);
                        if (parsed.GetValue(json))
                        {
                            Output.Json(removed.Json);
                            return;
                        }

                        Output.Line(video.Id);
                        Notice.PrintError(SafeText.Of(WhatBecame(removed)));
                    },
                    cancellationToken
                );
            }
        );
        return command;
    }

    static string WhatBecame(VideoView removed) =>
        removed.Status == "trashed"
            ? $"{removed.Name} is in the trash until {Units.Moment(removed.TrashedUntil)}: `./tgvault trash restore {removed.Id}` brings "
                + "it back."
            : $"{removed.Name} is being removed for good. Of its documents in the channel, Telegram keeps those that are older than 48 "
                + "hours, "
                + "sealed.";

    static bool Confirm(string question)
    {
        if (Console.IsInputRedirected)
            throw new CommandFailedException("Nothing was removed: give --yes where nobody can be asked.");
        Console.Error.Write($"{SafeText.Of(question)} [y/N] ");
        return Console.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }
}
