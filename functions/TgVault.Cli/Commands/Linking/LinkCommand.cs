using System.CommandLine;
using System.Text.Json.Nodes;
using TgVault.Cli.Client;
using TgVault.Cli.Client.Links;
using TgVault.Cli.Client.Videos;
using TgVault.Cli.Commands.Looking;
using TgVault.Cli.Commands.Uploading;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Linking;

/// <summary><c>tgvault link ID</c>: a URL that plays one video until it expires.</summary>
static class LinkCommand
{
    public static Command Create()
    {
        var id = ShowCommand.IdArgument();
        var kind = new Option<string>("--kind") { Description = "What the URL leads to.", DefaultValueFactory = _ => "mp4" };
        kind.AcceptOnlyFromAmong("mp4", "hls", "dash", "embed");
        var lifetime = LifetimeOption();
        var origins = new Option<string[]>("--origin")
        {
            Description = "A site that may show it, such as https://example.org; may be given again. Without it: any.",
            HelpName = "SITE",
        };
        var label = new Option<string?>("--label") { Description = "What to call it in `links`.", HelpName = "TEXT" };
        var html = new Option<bool>("--html") { Description = "Print the HTML for a page instead: an iframe. With --kind embed." };
        var json = UploadCommand.JsonOption();
        var command = new Command("link", "Make a link that plays one video until it expires.")
        {
            id,
            kind,
            lifetime,
            origins,
            label,
            html,
            json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(html) && result.GetValue(kind) != "embed")
                result.AddError("--html is for --kind embed.");
        });
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                var video = await new VideoLookup(vault).GetAsync(parsed.GetRequiredValue(id), cancellationToken);
                if (Unplayable.Why(video, parsed.GetRequiredValue(kind)) is { } why)
                    throw new CommandFailedException(why);
                await CheckLifetimeAsync(vault, parsed.GetValue(lifetime), cancellationToken);
                var link = await new LinkCalls(vault).LinkAsync(
                    video.Id,
                    new WantedLink(parsed.GetValue(lifetime), parsed.GetValue(origins) ?? [], parsed.GetValue(label)),
                    cancellationToken
                );
                var url = UrlOf(link.Url, link.Token, parsed.GetRequiredValue(kind));
                var frame = parsed.GetValue(html) ? await new LinkCalls(vault).FrameAsync(url, cancellationToken) : null;
                if (parsed.GetValue(json))
                {
                    var answer = JsonObject.Create(link.Json)!;
                    answer["url"] = url;
                    if (frame is not null)
                        answer["html"] = frame;
                    Output.Json(answer);
                }
                else
                {
                    Output.Line(frame ?? url);
                }

                return 0;
            }
        );
        return command;
    }

    /// <param name="longest">The most that there may be, in words.</param>
    internal static Option<TimeSpan?> LifetimeOption(string longest = "366d, unless the vault is set otherwise") =>
        new Option<TimeSpan?>("--ttl")
        {
            Description = $"How long it is good: 90s, 30m, 12h, 7d, 2w, 1y. The longest is {longest}.",
            HelpName = "TIME",
            CustomParser = result =>
            {
                if (Units.ParseLifetime(result.Tokens[0].Value) is { } parsed)
                    return parsed;
                result.AddError($"--ttl is a number and one of s, m, h, d, w, y, such as 12h or 7d; the longest is {longest}.");
                return null;
            },
        };

    /// <exception cref="CommandFailedException">It is longer than the vault takes, in words that the vault, which counts seconds, does not
    /// have.</exception>
    internal static async Task CheckLifetimeAsync(VaultClient vault, TimeSpan? wanted, CancellationToken cancellationToken)
    {
        if (wanted is not { TotalSeconds: var seconds })
            return;
        var most = VideoView.Number(await vault.ShowVaultAsync(cancellationToken), "maxLinkLifetime");
        if (most > 0 && seconds > most)
            throw new CommandFailedException(
                $"A link of this vault is good for at most {Units.Span(most)} (TgVault__Links__MaxLifetimeMinutes there says so)."
            );
    }

    /// <summary>The vault names the file; the other kinds lie beside it under the same token.</summary>
    internal static string UrlOf(string fileUrl, string token, string kind)
    {
        var at = fileUrl.IndexOf($"/v/{token}", StringComparison.Ordinal);
        if (kind == "mp4" || at < 0)
            return fileUrl;
        var root = fileUrl[..at];
        return kind switch
        {
            "hls" => $"{root}/v/{token}/hls/master.m3u8",
            "dash" => $"{root}/v/{token}/dash/manifest.mpd",
            _ => $"{root}/embed/{token}",
        };
    }
}
