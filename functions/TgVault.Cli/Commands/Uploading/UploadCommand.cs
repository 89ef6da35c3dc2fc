using System.CommandLine;
using TgVault.Cli.Client.Uploads;

namespace TgVault.Cli.Commands.Uploading;

/// <summary><c>tgvault upload FILE...</c>: files, folders and addresses, one after another; one that fails does not keep the others from
/// going on.</summary>
static class UploadCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE")
        {
            Arity = ArgumentArity.OneOrMore,
            Description = "Files, folders with all that is in them, or http and https addresses of files.",
        };
        var folder = new Option<string?>("--folder")
        {
            Description = "The folder to list them in. What lies in a given folder keeps its place below it.",
            HelpName = "F",
        };
        var tags = new Option<string[]>("--tag")
        {
            Description = "A tag; may be given again.",
            HelpName = "T",
            DefaultValueFactory = _ => [],
        };
        var description = new Option<string>("--description")
        {
            Description = "Free text.",
            HelpName = "D",
            DefaultValueFactory = _ => "",
        };
        var wait = new Option<bool>("--wait") { Description = "Wait until each video is stored, and fail where it cannot be." };
        var again = new Option<bool>("--again") { Description = "Upload also what the vault has already." };
        var everything = new Option<bool>("--all-files")
        {
            Description = "Of folders, upload also hidden files and those that are no film or music.",
        };
        var json = JsonOption();
        var command = new Command("upload", "Upload files; an upload that was interrupted goes on where it was.")
        {
            files,
            folder,
            tags,
            description,
            wait,
            again,
            everything,
            json,
        };
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                var wishes = new UploadWishes(
                    parsed.GetRequiredValue(tags),
                    parsed.GetRequiredValue(description),
                    parsed.GetValue(wait),
                    parsed.GetValue(again),
                    parsed.GetValue(json)
                );
                var sources = UploadSources.Find(parsed.GetRequiredValue(files), parsed.GetValue(folder), parsed.GetValue(everything));
                return await new UploadRun(vault, options.JournalFolder(parsed), wishes).RunAsync(sources, cancellationToken);
            }
        );
        return command;
    }

    public static Option<bool> JsonOption() => new("--json") { Description = "Print JSON, and nothing else, on standard output." };
}
