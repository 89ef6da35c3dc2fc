using System.CommandLine;
using System.Globalization;
using TgVault.Cli.Client.Apps;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Apps;

/// <summary><c>tgvault webhooks log</c> and <c>redeliver</c>: what was sent to a webhook, and sending it again.</summary>
static class WebhookLogCommand
{
    public static Command Create()
    {
        var id = WebhooksCommand.IdArgument();
        var json = UploadCommand.JsonOption();
        var command = new Command("log", "List the last messages to a webhook, newest first.") { id, json };
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                var calls = new WebhookCalls(vault);
                var found = await calls.FindAsync(parsed.GetRequiredValue(id), cancellationToken);
                var deliveries = await calls.ListDeliveriesAsync(found, cancellationToken);
                if (parsed.GetValue(json))
                    Output.Json(deliveries.Select(delivery => delivery.Json));
                else
                    Output.Table(["MESSAGE", "EVENT", "STATE", "TRIES", "TIME", "ANSWER"], deliveries.Select(Row));
                return ExitCodes.Done;
            }
        );
        return command;
    }

    public static Command CreateRedeliver()
    {
        var id = WebhooksCommand.IdArgument();
        var message = new Argument<string>("MESSAGE") { Description = "As `webhooks log` lists it." };
        var json = UploadCommand.JsonOption();
        var command = new Command("redeliver", "Send a message again, now, and say how it was answered.") { id, message, json };
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                var calls = new WebhookCalls(vault);
                var found = await calls.FindAsync(parsed.GetRequiredValue(id), cancellationToken);
                return WebhooksCommand.Report(
                    await calls.SendAgainAsync(found, parsed.GetRequiredValue(message), cancellationToken),
                    parsed.GetValue(json)
                );
            }
        );
        return command;
    }

    static string[] Row(DeliveryView delivery) =>
        [
            delivery.Id,
            delivery.Type,
            delivery.State,
            delivery.Tries.ToString(CultureInfo.InvariantCulture),
            delivery.Time.Split('.')[0],
            delivery.Problem ?? delivery.Status?.ToString(CultureInfo.InvariantCulture) ?? "",
        ];
}
