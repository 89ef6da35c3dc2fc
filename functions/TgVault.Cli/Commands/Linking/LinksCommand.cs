using System.CommandLine;
using TgVault.Cli.Client;
using TgVault.Cli.Commands.Uploading;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Linking;

/// <summary><c>tgvault links [ID]</c>: the links that the vault made, newest first.</summary>
static class LinksCommand
{
    public static Command Create()
    {
        var id = new Argument<string?>("ID") { Arity = ArgumentArity.ZeroOrOne, Description = "Only links to this video." };
        var all = new Option<bool>("--all") { Description = "Also those that have expired or were revoked." };
        var json = UploadCommand.JsonOption();
        var command = new Command("links", "List the links that the vault made, newest first.") { id, all, json };
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                var links = new List<LinkView>();
                var video = parsed.GetValue(id) is { } given ? (await new VideoLookup(vault).GetAsync(given, cancellationToken)).Id : null;
                await foreach (var link in new LinkCalls(vault).ListLinksAsync(video, int.MaxValue, cancellationToken))
                {
                    if (parsed.GetValue(all) || link.State == "good")
                        links.Add(link);
                }

                if (parsed.GetValue(json))
                    Output.Json(links.Select(link => link.Json));
                else
                    Output.Table(["LINK", "VIDEO", "STATE", "EXPIRES", "KINDS", "SITES", "LABEL"], links.Select(Row));
                return 0;
            }
        );
        return command;
    }

    static string[] Row(LinkView link) =>
        [link.Id, link.Video, link.State, link.Expires.Split('.')[0], link.Kinds, link.Sites.Length > 0 ? link.Sites : "any", link.Label];
}
