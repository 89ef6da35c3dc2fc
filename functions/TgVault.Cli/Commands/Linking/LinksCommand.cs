using System.CommandLine;
using TgVault.Cli.Client.Links;
using TgVault.Cli.Client.Videos;
using TgVault.Cli.Commands.Uploading;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Linking;

/// <summary><c>tgvault links [ID]</c>: the links that the vault made, newest first.</summary>
static class LinksCommand
{
    static readonly Column[] Columns =
    [
        new("LINK"),
        new("VIDEO", Drop: 2),
        new("STATE"),
        new("EXPIRES", Drop: 1),
        new("KINDS", Drop: 4),
        new("SITES", Least: 10, Drop: 3),
        new("LABEL"),
    ];

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
                    Output.Table(Columns, links, Shown, Piped, "There is no link that is good: `./tgvault link ID` makes one.");
                return 0;
            }
        );
        return command;
    }

    static string[] Shown(LinkView link) =>
        [link.Id, link.Video, link.State, Units.Moment(link.Expires), link.Kinds, SitesOf(link), link.Label];

    // Scripts take these by their numbers: none is moved or removed.
    static string[] Piped(LinkView link) =>
        [link.Id, link.Video, link.State, link.Expires.Split('.')[0], link.Kinds, SitesOf(link), link.Label];

    static string SitesOf(LinkView link) => link.Sites.Length > 0 ? link.Sites : "any";
}
