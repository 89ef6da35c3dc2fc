using System.CommandLine;
using TgVault.Cli.Client;
using TgVault.Cli.Client.Uploads;
using TgVault.Cli.Client.Videos;
using TgVault.Cli.Commands.Uploading;

namespace TgVault.Cli.Commands.Editing;

/// <summary><c>tgvault mv ID... FOLDER</c>: moves videos to another folder.</summary>
static class MoveCommand
{
    // As many as the parser takes.
    const int MostArguments = 100_000;

    public static Command Create()
    {
        // The last one is the folder: arguments that take all there is leave nothing for one behind them.
        var arguments = new Argument<string[]>("ID... FOLDER")
        {
            Arity = new ArgumentArity(2, MostArguments),
            Description = "The videos to move (ids, parts of ids, or whole names), and the folder they go to; / for none.",
        };
        var json = UploadCommand.JsonOption();
        var command = new Command("mv", "Move videos to another folder. To rename one: edit ID --name NAME.") { arguments, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(arguments) is [.., var folder] && NameIn(folder) is { } name)
                result.AddError(
                    $"{folder} looks like a file, and what stands last is the folder: `edit ID --name {name}` renames, also with --folder."
                );
        });
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                var given = parsed.GetRequiredValue(arguments);
                var wishes = new VideoWishes(null, FolderName.Clean(given[^1]), null, null);
                return await new Edits(vault, parsed.GetValue(json)).RunAsync(given[..^1], _ => wishes, cancellationToken);
            }
        );
        return command;
    }

    // In a shell mv renames too: whoever means that would get a folder called film.mkv.
    static string? NameIn(string folder) => Path.GetFileName(folder) is { } last && ContentTypes.IsMedia(last) ? last : null;
}
