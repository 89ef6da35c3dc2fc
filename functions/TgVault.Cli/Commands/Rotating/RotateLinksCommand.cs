using System.CommandLine;
using TgVault.Cli.Client.Links;
using TgVault.Cli.Commands.Uploading;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Rotating;

/// <summary><c>tgvault rotate links</c>: ends every link at once, by another key that the vault signs its links with.</summary>
static class RotateLinksCommand
{
    public static Command Create()
    {
        var json = UploadCommand.JsonOption();
        var command = new Command("links", "End every link and every link key, whoever made it; links made from then on are good.")
        {
            json,
        };
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                var (links, linkKeys) = await new LinkCalls(vault).RevokeAllLinksAsync(cancellationToken);
                if (parsed.GetValue(json))
                    Output.Json(new { links, linkKeys });
                else
                    Output.Line(
                        $"{links} links that this vault made have ended, and all that were made elsewhere, with {linkKeys} link keys: "
                            + "within a minute nothing plays by them."
                    );
                return ExitCodes.Done;
            }
        );
        return command;
    }
}
