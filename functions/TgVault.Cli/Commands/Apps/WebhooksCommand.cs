using System.CommandLine;
using System.Text.Json;
using TgVault.Cli.Client.Apps;
using TgVault.Cli.Commands.Uploading;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Apps;

/// <summary><c>tgvault webhooks</c>: sites that are told what happens to videos.</summary>
static class WebhooksCommand
{
    static readonly Column[] Columns = [new("ID"), new("STATE"), new("EVENTS", Least: 14, Drop: 1), new("URL", Least: 20), new("LABEL")];

    public static Command Create()
    {
        var command = Listing("webhooks", "List the sites that are told what happens to videos; `add` makes one.");
        command.Aliases.Add("webhook");
        command.Add(Add());
        command.Add(Listing("ls", "The same as `webhooks` alone."));
        command.Add(WebhookEditCommand.Create());
        command.Add(Remove());
        command.Add(Test());
        command.Add(WebhookLogCommand.Create());
        command.Add(WebhookLogCommand.CreateRedeliver());
        command.Add(Rotate());
        return command;
    }

    /// <summary>Gives a command the argument that says which webhook is meant, first of all, and what is done with that.</summary>
    public static Command OnOne(Command command, Func<ParseResult, WebhookCalls, string, CancellationToken, Task<int>> run)
    {
        var id = new Argument<string>("WEBHOOK") { Description = "Its id or the beginning of it, its label, or its address." };
        command.Arguments.Insert(0, id);
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                var calls = new WebhookCalls(vault);
                var found = await calls.FindAsync(parsed.GetRequiredValue(id), cancellationToken);
                return await run(parsed, calls, found, cancellationToken);
            }
        );
        return command;
    }

    /// <summary>Says how a try went, and returns the exit code.</summary>
    public static int Report(DeliveryView delivery, bool asJson)
    {
        if (asJson)
            Output.Json(delivery.Json);
        if (delivery.Problem is { } problem)
            throw new CommandFailedException(problem);
        if (!asJson)
            Output.Line($"{delivery.Id} was taken: {delivery.Status}.");
        return ExitCodes.Done;
    }

    static Command Listing(string name, string description)
    {
        var json = UploadCommand.JsonOption();
        var command = new Command(name, description) { json };
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                var webhooks = await new WebhookCalls(vault).ListAsync(cancellationToken);
                if (parsed.GetValue(json))
                    Output.Json(webhooks.Select(webhook => webhook.Json));
                else
                    Output.Table(Columns, webhooks, Row, Row, "There is no webhook: `./tgvault webhooks add URL` makes one.");
                return ExitCodes.Done;
            }
        );
        return command;
    }

    static Command Add()
    {
        var url = new Argument<string>("URL") { Description = "Where messages are posted; https, unless a setting allows others." };
        var events = WebhookEditCommand.EventsOption();
        var label = new Option<string>("--label") { Description = "What you call it.", DefaultValueFactory = _ => "" };
        var json = UploadCommand.JsonOption();
        var command = new Command("add", "Make a webhook, and print its secret: it is not shown again.") { url, events, label, json };
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                var made = await new WebhookCalls(vault).MakeAsync(
                    parsed.GetRequiredValue(url),
                    WebhookEditCommand.EventsOf(parsed, events),
                    parsed.GetValue(label) ?? "",
                    cancellationToken
                );
                return Tell(made, parsed.GetValue(json));
            }
        );
        return command;
    }

    static Command Remove() =>
        OnOne(
            new Command("rm", "Remove a webhook: nothing is sent to it any more."),
            async (_, calls, found, cancellationToken) =>
            {
                await calls.RemoveAsync(found, cancellationToken);
                return ExitCodes.Done;
            }
        );

    static Command Test()
    {
        var json = UploadCommand.JsonOption();
        return OnOne(
            new Command("test", "Send a message that tells of nothing, and say how it was answered.") { json },
            async (parsed, calls, found, cancellationToken) =>
                Report(await calls.TestAsync(found, cancellationToken), parsed.GetValue(json))
        );
    }

    static Command Rotate()
    {
        var json = UploadCommand.JsonOption();
        return OnOne(
            new Command("rotate", "Make a new secret and print it; for 24 hours messages are signed with both.") { json },
            async (parsed, calls, found, cancellationToken) =>
                Tell(await calls.RotateAsync(found, cancellationToken), parsed.GetValue(json))
        );
    }

    static int Tell(JsonElement made, bool asJson)
    {
        if (asJson)
            Output.Json(made);
        else
            Output.Line(made.GetProperty("secret").GetString()!);
        if (!asJson)
            Notice.PrintError(
                $"This is the secret of webhook {made.GetProperty("webhook").GetProperty("id").GetString()}; it is not shown again."
            );
        return ExitCodes.Done;
    }

    static string[] Row(WebhookView webhook) =>
        [webhook.Id, webhook.IsDisabled ? "disabled" : "good", string.Join(',', webhook.Events), webhook.Url, webhook.Label];
}
