using System.CommandLine;
using TgVault.Cli.Client.Apps;
using TgVault.Cli.Commands.Uploading;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Apps;

/// <summary><c>tgvault link-keys</c>: lists and revokes link keys.</summary>
static class LinkKeysCommand
{
    public static Command Create()
    {
        var json = UploadCommand.JsonOption();
        var command = new Command("link-keys", "List the link keys; end one with `revoke`, make one with `link-key`.") { json, Revoke() };
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                var keys = await new KeyCalls(vault).ListLinkKeysAsync(cancellationToken);
                if (parsed.GetValue(json))
                    Output.Json(keys.Select(key => key.Json));
                else
                    Output.Table(
                        ["ID", "CREATED", "LAST USED", "NAME"],
                        keys.Select(Row),
                        "There is no link key: `./tgvault link-key NAME` makes one."
                    );
                return 0;
            }
        );
        return command;
    }

    static Command Revoke()
    {
        var id = new Argument<string>("ID") { Description = "Its id, or its name, as `link-keys` lists them." };
        var command = new Command("revoke", "End a link key: within a minute no link plays that it signed.") { id };
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                await new KeyCalls(vault).RevokeLinkKeyAsync(parsed.GetRequiredValue(id), cancellationToken);
                return 0;
            }
        );
        return command;
    }

    static string[] Row(LinkKeyView key) =>
        [key.Id, key.Created.Split('.')[0], key.LastUsed is { } used ? used.Split('.')[0] : "never", key.Name];
}
