using System.CommandLine;
using TgVault.Cli.Client.Apps;
using TgVault.Cli.Commands.Linking;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Apps;

/// <summary>
/// <c>tgvault export</c>: the library for players and media centres, as one list or as a folder of files with a link each.
/// </summary>
static class ExportCommand
{
    public static Command Create()
    {
        var list = new Option<string?>("--m3u")
        {
            Description = "Write one list of all films to FILE (- for standard output).",
            HelpName = "FILE",
        };
        var strm = new Option<string?>("--strm")
        {
            Description =
                "Write a .strm file for each film below DIR, in folders as in the library: for Jellyfin, Emby and Kodi. "
                + "Those of films that are gone are removed.",
            HelpName = "DIR",
        };
        var folder = new Option<string?>("--folder") { Description = "Only this folder and those in it.", HelpName = "F" };
        var lifetime = LinkCommand.LifetimeOption();
        var command = new Command("export", "Write links to all films, for players and media centres.") { list, strm, folder, lifetime };
        command.Validators.Add(result =>
        {
            if (result.GetValue(list) is null == result.GetValue(strm) is null)
                result.AddError("Give either --m3u FILE or --strm DIR.");
        });
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                await LinkCommand.CheckLifetimeAsync(vault, parsed.GetValue(lifetime), cancellationToken);
                var lines = vault.ListForPlayersAsync(parsed.GetValue(folder), parsed.GetValue(lifetime), cancellationToken);
                if (parsed.GetValue(list) is { } file)
                    await WriteListAsync(file, lines, cancellationToken);
                else
                    await WriteFilesAsync(parsed.GetValue(strm)!, lines, cancellationToken);
                return 0;
            }
        );
        return command;
    }

    static async Task WriteListAsync(string file, IAsyncEnumerable<string> lines, CancellationToken cancellationToken)
    {
        if (file == "-")
        {
            await foreach (var line in lines.WithCancellation(cancellationToken))
                Output.Line(line);
            return;
        }

        // Whoever reads it meanwhile has the old one or the new one.
        var unfinished = file + ".part";
        await File.WriteAllLinesAsync(unfinished, await lines.ToListAsync(cancellationToken), cancellationToken);
        File.Move(unfinished, file, overwrite: true);
    }

    static async Task WriteFilesAsync(string root, IAsyncEnumerable<string> lines, CancellationToken cancellationToken)
    {
        var files = new StrmFolder(root);
        await foreach (var entry in PlayerListEntry.ReadAsync(lines, cancellationToken))
            await files.WriteAsync(entry, cancellationToken);
        var removed = await files.RemoveOthersAsync(cancellationToken);
        Output.Line($"{files.Written} films written, {removed} removed.");
    }
}
