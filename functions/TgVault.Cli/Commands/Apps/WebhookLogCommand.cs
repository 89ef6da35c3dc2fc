using System.CommandLine;
using System.Globalization;
using TgVault.Cli.Client.Apps;
using TgVault.Cli.Commands.Uploading;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Apps;

/// <summary><c>tgvault webhooks log</c> and <c>redeliver</c>: what was sent to a webhook, and sending it again.</summary>
static class WebhookLogCommand
{
    static readonly Column[] Columns =
    [
        new("MESSAGE"),
        new("EVENT"),
        new("STATE"),
        new("TRIES", Drop: 1, IsRight: true),
        new("TIME", Drop: 2),
        new("ANSWER"),
    ];

    public static Command Create()
    {
        var json = UploadCommand.JsonOption();
        return WebhooksCommand.OnOne(
            new Command("log", "List the last messages to a webhook, newest first.") { json },
            async (parsed, calls, found, cancellationToken) =>
            {
                var deliveries = await calls.ListDeliveriesAsync(found, cancellationToken);
                if (parsed.GetValue(json))
                    Output.Json(deliveries.Select(delivery => delivery.Json));
                else
                    Output.Table(Columns, deliveries, Shown, Piped, "Nothing was sent to it yet: `./tgvault webhooks test` does.");
                return ExitCodes.Done;
            }
        );
    }

    public static Command CreateRedeliver()
    {
        var message = new Argument<string>("MESSAGE") { Description = "As `webhooks log` lists it." };
        var json = UploadCommand.JsonOption();
        return WebhooksCommand.OnOne(
            new Command("redeliver", "Send a message again, now, and say how it was answered.") { message, json },
            async (parsed, calls, found, cancellationToken) =>
                WebhooksCommand.Report(
                    await calls.SendAgainAsync(found, parsed.GetRequiredValue(message), cancellationToken),
                    parsed.GetValue(json)
                )
        );
    }

    static string[] Shown(DeliveryView delivery) => Row(delivery, Units.Moment(delivery.Time));

    // Scripts take these by their numbers: none is moved or removed.
    static string[] Piped(DeliveryView delivery) => Row(delivery, delivery.Time.Split('.')[0]);

    static string[] Row(DeliveryView delivery, string time) =>
        [
            delivery.Id,
            delivery.Type,
            delivery.State,
            delivery.Tries.ToString(CultureInfo.InvariantCulture),
            time,
            delivery.Problem ?? delivery.Status?.ToString(CultureInfo.InvariantCulture) ?? "",
        ];
}
