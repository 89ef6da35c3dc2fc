using System.CommandLine;
using TgVault.Cli.Client;
using TgVault.Cli.Client.Videos;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Looking;

/// <summary><c>tgvault tree [FOLDER]</c>: folders with the videos in them, drawn.</summary>
static class TreeCommand
{
    public static Command Create()
    {
        var folder = new Argument<string?>("FOLDER") { Arity = ArgumentArity.ZeroOrOne, Description = "Only this folder." };
        var only = new Option<bool>("-d", "--folders-only") { Description = "Without the videos." };
        var command = new Command("tree", "Draw folders with the videos in them.") { folder, only };
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                var root = FolderName.Clean(parsed.GetValue(folder) ?? "");
                var filter = root.Length > 0 ? VideoFilter.All with { Folder = root, Below = true } : VideoFilter.All;
                var tree = new FolderTree(root);
                await foreach (var video in vault.ListAsync(filter, int.MaxValue, cancellationToken))
                {
                    if (BelowOf(root, video.Folder) is { } below)
                        tree.Add(below, video.Name);
                }

                if (tree.Below == 0)
                    throw new CommandFailedException(root.Length > 0 ? $"There is nothing in a folder {root}." : "There is no video yet.");
                Output.Cut($"{(root.Length > 0 ? root : "")}/ ({tree.Below})");
                foreach (var line in tree.Draw(!parsed.GetValue(only)))
                    Output.Cut(line);
                return ExitCodes.Done;
            }
        );
        return command;
    }

    /// <summary>The path from one folder to another that lies in it; null where it does not.</summary>
    internal static string? BelowOf(string root, string folder) =>
        root.Length == 0 || folder == root ? folder[root.Length..]
        : folder.StartsWith(root + "/", StringComparison.Ordinal) ? folder[(root.Length + 1)..]
        : null;
}
