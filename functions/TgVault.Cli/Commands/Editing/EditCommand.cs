using System.CommandLine;
using TgVault.Cli.Client;
using TgVault.Cli.Client.Videos;
using TgVault.Cli.Commands.Uploading;

namespace TgVault.Cli.Commands.Editing;

/// <summary><c>tgvault edit ID...</c>: changes names, folders, tags and descriptions.</summary>
static class EditCommand
{
    public static Command Create()
    {
        var ids = IdsArgument("The videos to change");
        var name = new Option<string?>("--name") { Description = "Another name; for one video.", HelpName = "NAME" };
        var folder = new Option<string?>("--folder") { Description = "Another folder; / or \"\" for none.", HelpName = "F" };
        var tags = new Option<string[]>("--tag") { Description = "A tag to add; may be given again.", HelpName = "T" };
        var removed = new Option<string[]>("--untag") { Description = "A tag to take away; may be given again.", HelpName = "T" };
        var description = new Option<string?>("--description") { Description = "Another description; \"\" for none.", HelpName = "D" };
        var json = UploadCommand.JsonOption();
        var command = new Command("edit", "Change the name, folder, tags or description of videos.")
        {
            ids,
            name,
            folder,
            tags,
            removed,
            description,
            json,
        };
        command.Validators.Add(result =>
        {
            var given = new Option[] { name, folder, tags, removed, description }.Any(option => result.GetResult(option) is not null);
            if (!given)
                result.AddError("Say what to change: --name, --folder, --tag, --untag or --description.");
            else if (result.GetValue(name) is not null && result.GetValue(ids) is { Length: > 1 })
                result.AddError("--name is for one video; several would all be called the same.");
            else if (result.GetValue(name) is { } text && string.IsNullOrWhiteSpace(text))
                result.AddError("--name must have something in it.");
        });
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                var (added, taken) = (parsed.GetValue(tags) ?? [], parsed.GetValue(removed) ?? []);
                return await new Edits(vault, parsed.GetValue(json)).RunAsync(
                    parsed.GetRequiredValue(ids),
                    video => new VideoWishes(
                        parsed.GetValue(name),
                        parsed.GetValue(folder) is { } path ? FolderName.Clean(path) : null,
                        added.Length + taken.Length > 0 ? [.. video.Tags.Except(taken).Union(added)] : null,
                        parsed.GetValue(description)
                    ),
                    cancellationToken
                );
            }
        );
        return command;
    }

    public static Argument<string[]> IdsArgument(string what) =>
        new("ID") { Arity = ArgumentArity.OneOrMore, Description = $"{what}: ids, parts of ids, or whole names." };
}
