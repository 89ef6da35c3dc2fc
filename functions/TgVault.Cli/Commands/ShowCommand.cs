using System.CommandLine;
using TgVault.Cli.Client;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands;

/// <summary><c>tgvault show ID</c>: one video.</summary>
static class ShowCommand
{
    public static Command Create()
    {
        var id = IdArgument();
        var json = UploadCommand.JsonOption();
        var command = new Command("show", "Show one video.") { id, json };
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                var video = await vault.GetAsync(parsed.GetRequiredValue(id), cancellationToken);
                if (parsed.GetValue(json))
                    Output.Json(video.Json);
                else
                    Print(video);
                return 0;
            }
        );
        return command;
    }

    public static Argument<string> IdArgument() => new("ID") { Description = "The video's id, as upload and ls print it." };

    static void Print(VideoView video)
    {
        Line("id", video.Id);
        Line("name", video.Name);
        Line("status", video.Status == "ingesting" ? $"{video.Status} ({video.Stage})" : video.Status);
        if (video.BytesTotal > 0 && !video.IsFinal)
            Line("progress", $"{Units.Size(video.BytesDone)} of {Units.Size(video.BytesTotal)}");
        Line("failure", video.Failure);
        Line("size", Units.Size(video.SizeBytes));
        Line("type", video.ContentType);
        Line("folder", video.Folder);
        Line("tags", string.Join(", ", video.Tags));
        Line("about", video.Description);
        Line("created", video.Created);
        Line("decision", video.Reason);
        foreach (var track in video.Tracks)
            Line("track", track.Line);
        Line("poster", video.Poster.Told);
        foreach (var chapter in video.Chapters)
            Line("chapter", chapter);
        Line("sizes", string.Join(", ", video.Renditions));
        Line(
            "captions",
            string.Join(
                ", ",
                video.Captions.Select(caption => caption.Status == "stored" ? caption.Language : $"{caption.Language} ({caption.Status})")
            )
        );
    }

    static void Line(string title, string value)
    {
        if (value.Length > 0)
            Output.Line($"{title, -9} {value}");
    }
}
