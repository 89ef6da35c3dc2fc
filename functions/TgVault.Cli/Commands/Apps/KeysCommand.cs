using System.CommandLine;
using TgVault.Cli.Client.Apps;
using TgVault.Cli.Commands.Uploading;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Apps;

/// <summary><c>tgvault keys</c>: lists, makes and revokes named API keys.</summary>
static class KeysCommand
{
    public static Command Create()
    {
        var json = UploadCommand.JsonOption();
        var command = new Command("keys", "List the named API keys; make one with `add`, end one with `revoke`.") { json, Add(), Revoke() };
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                var keys = await new KeyCalls(vault).ListKeysAsync(cancellationToken);
                if (parsed.GetValue(json))
                    Output.Json(keys.Select(key => key.Json));
                else
                    Output.Table(
                        ["ID", "SCOPE", "CREATED", "LAST USED", "NAME"],
                        keys.Select(Row),
                        "There is no named key yet: `./tgvault keys add NAME --scope read` makes one."
                    );
                return 0;
            }
        );
        return command;
    }

    static Command Add()
    {
        var name = new Argument<string>("NAME") { Description = "What you call it: who or what will use it." };
        var scope = new Option<string>("--scope") { Description = "What it is good for. Apps on a TV need read.", Required = true };
        scope.AcceptOnlyFromAmong("all", "read", "upload");
        var json = UploadCommand.JsonOption();
        var command = new Command("add", "Make an API key, and print it: it is not shown again.") { name, scope, json };
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                var made = await new KeyCalls(vault).MakeKeyAsync(
                    parsed.GetRequiredValue(name),
                    parsed.GetRequiredValue(scope),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                    Output.Json(made);
                else
                    Output.Line(made.GetProperty("secret").GetString()!);
                return 0;
            }
        );
        return command;
    }

    static Command Revoke()
    {
        var id = new Argument<string>("ID") { Description = "Its id, or its name, as `keys` lists them." };
        var command = new Command("revoke", "End an API key, within half a minute everywhere.") { id };
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                await new KeyCalls(vault).RevokeKeyAsync(parsed.GetRequiredValue(id), cancellationToken);
                return 0;
            }
        );
        return command;
    }

    static string[] Row(KeyView key) =>
        [key.Id, key.Scope, key.Created.Split('.')[0], key.LastUsed is { } used ? used.Split('.')[0] : "never", key.Name];
}
