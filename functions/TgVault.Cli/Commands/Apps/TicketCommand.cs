using System.CommandLine;
using TgVault.Cli.Client.Videos;
using TgVault.Cli.Commands.Linking;
using TgVault.Cli.Commands.Uploading;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Apps;

/// <summary><c>tgvault ticket</c>: a permission to upload one file, for a page or a person without a key.</summary>
static class TicketCommand
{
    static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(30);

    public static Command Create()
    {
        var maxSize = new Option<long?>("--max-size")
        {
            Description = "The largest file: 500MiB, 2GiB, or bytes. Without it: what the vault takes.",
            HelpName = "SIZE",
            CustomParser = result =>
            {
                if (Units.ParseSize(result.Tokens[0].Value) is { } parsed)
                    return parsed;
                result.AddError("--max-size is a number with or without a unit, such as 500MiB or 2GiB.");
                return null;
            },
        };
        var types = new Option<string[]>("--type")
        {
            Description = "What the file may be: video/mp4, video/*, .mkv; may be given again. Without it: anything.",
            HelpName = "TYPE",
        };
        var lifetime = LinkCommand.LifetimeOption("30d");
        lifetime.Description = "Within which time the upload must be begun: 30m, 12h, 7d, at most 30d. Without it: an hour.";
        var folder = new Option<string?>("--folder") { Description = "The folder of the video.", HelpName = "F" };
        var tags = new Option<string[]>("--tag") { Description = "A tag of the video; may be given again.", HelpName = "T" };
        var description = new Option<string?>("--description") { Description = "The video's description.", HelpName = "D" };
        var json = UploadCommand.JsonOption();
        var command = new Command("ticket", "Print a permission to upload one file, for a page or a person without a key.")
        {
            maxSize,
            types,
            lifetime,
            folder,
            tags,
            description,
            json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(lifetime) is { } given && !given.Errors.Any() && result.GetValue(lifetime) > LongestLifetime)
                result.AddError("--ttl is at most 30d for a ticket.");
        });
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                var wanted = new Dictionary<string, object>
                {
                    ["types"] = parsed.GetValue(types) ?? [],
                    ["tags"] = parsed.GetValue(tags) ?? [],
                    ["folder"] = FolderName.Clean(parsed.GetValue(folder) ?? ""),
                    ["description"] = parsed.GetValue(description) ?? "",
                };
                if (parsed.GetValue(maxSize) is { } bytes)
                    wanted["maxSize"] = bytes;
                if (parsed.GetValue(lifetime) is { } time)
                    wanted["ttl"] = (long)time.TotalSeconds;
                var made = await vault.SendJsonAsync(HttpMethod.Post, "api/tickets", wanted, cancellationToken);
                if (parsed.GetValue(json))
                    Output.Json(made);
                else
                    Output.Line(made.GetProperty("url").GetString()!);
                return ExitCodes.Done;
            }
        );
        return command;
    }
}
