using System.CommandLine;
using TgVault.Cli.Client;
using TgVault.Cli.Client.Videos;
using TgVault.Cli.Commands.Looking;
using TgVault.Cli.Commands.Uploading;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Editing;

/// <summary><c>tgvault trash</c>: what was deleted and can be brought back.</summary>
static class TrashCommand
{
    static readonly Column[] Columns =
    [
        new("ID"),
        new("UNTIL"),
        new("SIZE", Drop: 2, IsRight: true),
        new("FOLDER", Least: 10, Drop: 1),
        new("NAME"),
    ];

    public static Command Create()
    {
        var listing = new ListingOptions();
        var command = new Command("trash", "List what is in the trash, and until when; bring it back with `restore`.") { Restore() };
        listing.AddTo(command);
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                await PrintAsync(vault, listing.LimitOf(parsed), listing.IsJson(parsed), cancellationToken);
                return ExitCodes.Done;
            }
        );
        return command;
    }

    static async Task PrintAsync(VaultClient vault, int limit, bool isJson, CancellationToken cancellationToken)
    {
        var filter = VideoFilter.All with { Status = "trashed" };
        // One more than is shown tells whether there is more.
        var videos = await vault
            .ListAsync(filter, limit < int.MaxValue ? limit + 1 : limit, cancellationToken)
            .ToListAsync(cancellationToken);
        var isMore = videos.Count > limit;
        if (isMore)
            videos.RemoveAt(limit);
        if (isJson)
            Output.Json(videos.Select(video => video.Json));
        else if (videos.Count > 0)
            Output.Table(Columns, videos, Shown, Piped);
        if (isMore)
            Notice.PrintError(Listing.MoreThan(limit, (await vault.CountAsync(cancellationToken))?.Of(filter)));
        else if (videos.Count == 0)
            Notice.PrintError("The trash is empty.");
    }

    static Command Restore()
    {
        var ids = EditCommand.IdsArgument("The videos to bring back");
        var json = UploadCommand.JsonOption();
        var command = new Command("restore", "Bring videos back from the trash, with their folders, tags and links.") { ids, json };
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                return await Edits.EachAsync(
                    parsed.GetRequiredValue(ids),
                    new VideoLookup(vault) { Statuses = ["trashed"] },
                    async video =>
                    {
                        var now = await vault.RestoreAsync(video.Id, cancellationToken);
                        if (parsed.GetValue(json))
                            Output.Json(now.Json);
                        else
                            Output.Line(now.Id);
                    },
                    cancellationToken
                );
            }
        );
        return command;
    }

    static string[] Shown(VideoView video) =>
        [video.Id, Units.Moment(video.TrashedUntil), Units.Size(video.SizeBytes), video.Folder, video.Name];

    // Scripts take these by their numbers: none is moved or removed.
    static string[] Piped(VideoView video) =>
        [video.Id, video.TrashedUntil.Split('.')[0], Units.Size(video.SizeBytes), video.Folder, video.Name];
}
