using System.CommandLine;
using System.Globalization;
using TgVault.Cli.Client;
using TgVault.Cli.Client.Videos;
using TgVault.Cli.Commands.Uploading;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Looking;

/// <summary><c>tgvault folders</c>: the folders there are, and how many videos each has.</summary>
static class FoldersCommand
{
    static readonly Column[] Columns = [new("VIDEOS", IsRight: true), new("BELOW", IsRight: true), new("FOLDER")];

    public static Command Create()
    {
        var json = UploadCommand.JsonOption();
        var command = new Command("folders", "List folders: videos in each itself, and with all folders below it.") { json };
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                var folders = await ListAsync(vault, cancellationToken);
                if (parsed.GetValue(json))
                    Output.Json(folders);
                else
                    Output.Table(Columns, folders, Row, Row);
                return ExitCodes.Done;
            }
        );
        return command;
    }

    static string[] Row(FolderCount folder) =>
        [
            folder.Videos.ToString(CultureInfo.InvariantCulture),
            folder.Below.ToString(CultureInfo.InvariantCulture),
            // The videos of no folder.
            folder.Name.Length > 0
                ? folder.Name
                : "/",
        ];

    // A vault that does not count tells of each video.
    static async Task<IReadOnlyList<FolderCount>> ListAsync(VaultClient vault, CancellationToken cancellationToken)
    {
        if (await vault.CountAsync(cancellationToken) is { } counts)
            return counts.Folders;
        var tree = new FolderTree("");
        await foreach (var video in vault.ListAsync(VideoFilter.All, int.MaxValue, cancellationToken))
            tree.Add(video.Folder, video.Name);
        return tree.Counts();
    }
}
