using System.CommandLine;
using TgVault.Cli.Client.Links;
using TgVault.Cli.Client.Videos;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Linking;

/// <summary><c>tgvault unlink LINK...</c>: ends links before their time.</summary>
static class UnlinkCommand
{
    public static Command Create()
    {
        var links = new Argument<string[]>("LINK")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description = "Ids of links, as `links` prints them, or links themselves.",
        };
        var video = new Option<string?>("--video") { Description = "Every link to this video, whoever made it.", HelpName = "ID" };
        var command = new Command("unlink", "Revoke links: within a minute they play nothing any more.") { links, video };
        command.Validators.Add(result =>
        {
            if (result.GetValue(links) is not { Length: > 0 } == (result.GetValue(video) is null))
                result.AddError("Name the links to revoke, or --video with the id of a video for all of its links.");
        });
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                if (parsed.GetValue(video) is { } given)
                {
                    var id = (await new VideoLookup(vault).GetAsync(given, cancellationToken)).Id;
                    await new LinkCalls(vault).RevokeLinksAsync(id, cancellationToken);
                    Output.Line(id);
                    return 0;
                }

                foreach (var link in (parsed.GetValue(links) ?? []).Distinct())
                {
                    if (!await new LinkCalls(vault).RevokeLinkAsync(TokenOf(link), cancellationToken))
                        Notice.PrintError($"This vault did not make {link}. A link of this id that was made elsewhere is revoked.");
                    Output.Line(link);
                }

                return 0;
            }
        );
        return command;
    }

    /// <summary>What stands for the link in its URL; anything else as it is.</summary>
    internal static string TokenOf(string link)
    {
        if (!Uri.TryCreate(link, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            return link;
        var parts = url.AbsolutePath.Split('/');
        var at = Array.FindIndex(parts, part => part is "v" or "embed");
        return at >= 0 && at + 1 < parts.Length ? parts[at + 1] : link;
    }
}
