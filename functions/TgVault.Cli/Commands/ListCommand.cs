using System.CommandLine;
using TgVault.Cli.Client;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands;

/// <summary><c>tgvault ls</c>: videos, newest first.</summary>
static class ListCommand
{
    public static Command Create()
    {
        var search = new Option<string?>("--search")
        {
            Description = "Only those with words that begin so, in name, folder, tags or description.",
            HelpName = "WORDS",
        };
        var folder = new Option<string?>("--folder") { Description = "Only those of this folder.", HelpName = "F" };
        var tag = new Option<string?>("--tag") { Description = "Only those with this tag.", HelpName = "T" };
        var status = new Option<string?>("--status") { Description = "Only those in this status.", HelpName = "S" };
        status.AcceptOnlyFromAmong("waiting", "ingesting", "ready", "failed", "deleting");
        var limit = new Option<int>("--limit")
        {
            Description = "At most so many.",
            HelpName = "N",
            DefaultValueFactory = _ => 50,
        };
        limit.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && (!int.TryParse(result.Tokens[^1].Value, out var value) || value < 1))
                result.AddError("--limit must be at least 1.");
        });
        var all = new Option<bool>("--all") { Description = "All there are." };
        var json = UploadCommand.JsonOption();
        var command = new Command("ls", "List videos, newest first.") { search, folder, tag, status, limit, all, json };
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                var videos = new List<VideoView>();
                await foreach (
                    var video in vault.ListAsync(
                        new VideoFilter(parsed.GetValue(search), parsed.GetValue(folder), parsed.GetValue(tag), parsed.GetValue(status)),
                        parsed.GetValue(all) ? int.MaxValue : parsed.GetValue(limit),
                        cancellationToken
                    )
                )
                    videos.Add(video);
                if (parsed.GetValue(json))
                    Output.Json(videos.Select(video => video.Json));
                else
                    Output.Table(["ID", "STATUS", "SIZE", "CREATED", "NAME"], videos.Select(Row));
                return 0;
            }
        );
        return command;
    }

    static string[] Row(VideoView video) => [video.Id, video.Status, Units.Size(video.SizeBytes), video.Created.Split('.')[0], video.Name];
}
