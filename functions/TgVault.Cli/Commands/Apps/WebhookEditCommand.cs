using System.CommandLine;
using TgVault.Cli.Commands.Uploading;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Apps;

/// <summary><c>tgvault webhooks edit</c>: another address, other events, another label, on and off. The secret stays.</summary>
static class WebhookEditCommand
{
    public static Command Create()
    {
        var url = new Option<string?>("--url") { Description = "Another address.", HelpName = "URL" };
        var events = EventsOption();
        var label = new Option<string?>("--label") { Description = "What you call it.", HelpName = "TEXT" };
        var enable = new Option<bool>("--enable") { Description = "Send to it again." };
        var disable = new Option<bool>("--disable") { Description = "Send nothing to it. What happens meanwhile is not told later." };
        var json = UploadCommand.JsonOption();
        var command = new Command("edit", "Change a webhook; its secret and its log stay.") { url, events, label, enable, disable, json };
        command.Validators.Add(result =>
        {
            if (!new Option[] { url, events, label, enable, disable }.Any(option => result.GetResult(option) is not null))
                result.AddError("Say what to change: --url, --events, --label, --enable or --disable.");
            else if (result.GetValue(enable) && result.GetValue(disable))
                result.AddError("--enable and --disable exclude each other.");
        });
        return WebhooksCommand.OnOne(
            command,
            async (parsed, calls, found, cancellationToken) =>
            {
                var change = new Dictionary<string, object>();
                if (parsed.GetValue(url) is { } address)
                    change["url"] = address;
                if (parsed.GetResult(events) is not null)
                    change["events"] = EventsOf(parsed, events);
                if (parsed.GetValue(label) is { } text)
                    change["label"] = text;
                if (parsed.GetValue(enable) || parsed.GetValue(disable))
                    change["enabled"] = parsed.GetValue(enable);
                var changed = await calls.ChangeAsync(found, change, cancellationToken);
                if (parsed.GetValue(json))
                    Output.Json(changed.Json);
                else
                    Output.Line(changed.Id);
                return ExitCodes.Done;
            }
        );
    }

    public static Option<string[]> EventsOption() =>
        new("--events")
        {
            Description = "What it is told of, apart by commas: video.created, video.ready, video.failed, video.deleted; \"\" for all.",
            HelpName = "LIST",
            AllowMultipleArgumentsPerToken = true,
        };

    /// <summary>None: all of them.</summary>
    public static string[] EventsOf(ParseResult parsed, Option<string[]> events) =>
        [
            .. (parsed.GetValue(events) ?? []).SelectMany(one =>
                one.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            ),
        ];
}
