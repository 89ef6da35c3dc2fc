using System.CommandLine;
using TgVault.Cli.Client.Videos;
using TgVault.Cli.Commands.Uploading;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Looking;

/// <summary><c>tgvault show ID</c>: one video.</summary>
static class ShowCommand
{
    public static Command Create()
    {
        var id = IdArgument();
        var detailed = new Option<bool>("--details") { Description = "Also the vault's own words on what it did with the file." };
        var json = UploadCommand.JsonOption();
        var command = new Command("show", "Show one video.") { id, detailed, json };
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                var video = await new VideoLookup(vault).GetAsync(parsed.GetRequiredValue(id), cancellationToken);
                if (parsed.GetValue(json))
                    Output.Json(video.Json);
                else
                    Print(video, parsed.GetValue(detailed));
                return ExitCodes.Done;
            }
        );
        return command;
    }

    public static Argument<string> IdArgument() =>
        new("ID") { Description = "The video's id, 6 or more characters of its beginning or end, or the whole name." };

    static void Print(VideoView video, bool isDetailed)
    {
        Output.Field("id", video.Id);
        Output.Field("name", video.Name);
        Output.Field("folder", video.Folder);
        Output.Field("status", StatusOf(video));
        Output.Field("waits for", video.Waiting?.Told ?? "");
        Output.Field("failure", video.Failure);
        if (video is { IsFinal: false, BytesTotal: > 1 })
            Output.Field("progress", ProgressOf(video));
        Output.Field("length", video.DurationSeconds > 0 ? Units.Clock(video.DurationSeconds) : "");
        Output.Field("picture", string.Join(", ", video.PlayedTracks.Select(track => track.PictureSize).Where(size => size.Length > 0)));
        Output.Field("sound", List(video.PlayedTracks.Where(track => track.Kind == "audio").Select(track => track.Sound)));
        Output.Field(
            "captions",
            List(video.Captions.Select(caption => caption.Status == "stored" ? caption.Language : $"{caption.Language} ({caption.Status})"))
        );
        Output.Field("sizes", string.Join(", ", video.Renditions));
        Output.Field("tags", string.Join(", ", video.Tags));
        Output.Field("about", video.Description);
        Output.Field(
            video.Status == "waiting" ? "announced" : "uploaded",
            $"{Units.Size(video.SizeBytes)}, {Units.MomentWithZone(video.Created)}"
        );
        Output.Field("sha256", video.Sha256);
        Output.Field("finished", video.Finished.Length > 0 ? Units.MomentWithZone(video.Finished) : "");
        Output.Field("stored", video.StoredBytes > 0 ? $"{Units.Size(video.StoredBytes)}, {video.ContentType}" : "");
        Output.Field("done", Decisions.InPlainWords(video.Decision));
        // What only downloads is told why, and what a person can do.
        Output.Field("because", isDetailed || video.Decision == "keepAsFile" ? video.Reason : "");
        foreach (var track in video.Tracks)
            Output.Field("track", track.Line);
        Output.Field("poster", video.Poster.Told);
        foreach (var chapter in video.Chapters)
            Output.Field("chapter", chapter);
    }

    static string StatusOf(VideoView video) =>
        video.Status switch
        {
            "waiting" when video.Waiting is null => "waiting for its turn",
            "waiting" => "waiting",
            "ingesting" => $"being stored ({video.Stage})",
            "trashed" => $"in the trash until {Units.MomentWithZone(video.TrashedUntil)}",
            "deleting" => "being removed",
            var status => status,
        };

    static string ProgressOf(VideoView video)
    {
        var rate = video.BytesPerSecond is { } bytes ? $", {Units.Size(bytes)}/s" : "";
        var left = video.SecondsLeft is { } seconds ? $", {Units.Clock(seconds)} left" : "";
        return $"{Units.Size(video.BytesDone)} of {Units.Size(video.BytesTotal)}{rate}{left}";
    }

    static string List(IEnumerable<string> parts) => string.Join(", ", parts.Select(part => part.Length > 0 ? part : "language not told"));
}
