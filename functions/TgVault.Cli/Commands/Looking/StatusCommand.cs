using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using TgVault.Cli.Client;
using TgVault.Cli.Client.Videos;
using TgVault.Cli.Commands.Uploading;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Looking;

/// <summary><c>tgvault status</c>: the vault at a glance: what it is set to, what it holds, what it is doing.</summary>
static class StatusCommand
{
    static readonly string[] UnderWay = ["waiting", "ingesting", "failed", "deleting"];

    public static Command Create()
    {
        var json = UploadCommand.JsonOption();
        var command = new Command("status", "Show what the vault is doing, what it holds and what it is set to.") { json };
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                var about = await vault.ShowVaultAsync(cancellationToken);
                var counts = await CountAsync(vault, cancellationToken);
                var now = await vault.ShowStatusAsync(cancellationToken);
                if (parsed.GetValue(json))
                    Output.Json(
                        new
                        {
                            vault = about,
                            videos = counts.All,
                            statuses = counts.Statuses,
                            now,
                        }
                    );
                else
                    Print(vault, about, counts, now);
                return ExitCodes.Done;
            }
        );
        return command;
    }

    static void Print(VaultClient vault, JsonElement about, (long? All, Dictionary<string, long> Statuses) counts, JsonElement? now)
    {
        var pace = VideoView.Number(about, "messagesPerMinute");
        Output.Field("vault", $"{vault.Url.GetLeftPart(UriPartial.Authority)}, version {VideoView.Text(about, "version")}");
        Output.Field(
            "telegram",
            $"{Count(about, "bots", "bot")}, {Count(about, "channels", "channel")}, "
                + (pace > 0 ? $"{pace} messages a minute each" : "no limit of pace")
        );
        if (counts.All is { } all)
            Output.Field("videos", all.ToString(CultureInfo.InvariantCulture));
        foreach (var (status, count) in counts.Statuses.Where(status => status.Value > 0))
            Output.Field(status, count.ToString(CultureInfo.InvariantCulture));
        if (now is { } told)
            PrintNow(told);
        var (usual, longest) = (VideoView.Number(about, "linkLifetime"), VideoView.Number(about, "maxLinkLifetime"));
        Output.Field("links", $"good for {Units.Span(usual)}, at most {Units.Span(longest)}");
        Output.Field("uploads", $"up to {Units.Size(VideoView.Number(about, "maxUpload"))} each");
        Output.Field("sizes", VideoView.Text(about, "renditions") is { Length: > 0 } sizes ? sizes : "no smaller ones are made");
        Output.Field(
            "encoding",
            about.TryGetProperty("transcodeVideo", out var value) && value.ValueKind == JsonValueKind.True
                ? "video that browsers cannot play is made H.264"
                : "video that browsers cannot play is kept as a file"
        );
    }

    static void PrintNow(JsonElement now)
    {
        if (now.TryGetProperty("storedBytes", out _))
            Output.Field("stored", $"{Units.Size(VideoView.Number(now, "storedBytes"))} in Telegram");
        if (now.TryGetProperty("freeBytes", out _))
            Output.Field("free", $"{Units.Size(VideoView.Number(now, "freeBytes"))} on the vault's disk");
        var queue = now.GetProperty("queue");
        if (VideoView.Number(queue, "videos") is > 0 and var videos)
            Output.Field(
                "queue",
                $"{videos} video{(videos == 1 ? "" : "s")}, {Units.Size(VideoView.Number(queue, "bytesLeft"))} to be sent"
                    + (queue.TryGetProperty("etaSeconds", out var eta) ? $", {Units.Clock(eta.GetDouble())} left" : "")
            );
        if (VideoView.Text(now, "unrecovered") is { Length: > 0 } missing)
            Output.Field("missing", $"{missing} ./tgvault recover brings it here.");
        var telegram = now.GetProperty("telegram");
        foreach (var lane in telegram.GetProperty("lanes").EnumerateArray())
        {
            if (lane.GetProperty("pausedSeconds").GetDouble() is > 0 and var seconds)
                Output.Field("waits", $"bot {VideoView.Text(lane, "bot")} for {Units.Clock(seconds)}, as Telegram asked");
        }

        PrintReplicas(now);
        PrintChecks(now);
        if (VideoView.Number(now, "leftDocuments") is > 0 and var left)
            Output.Field(
                "left",
                $"{left} documents in channels that nothing needs and Telegram no longer deletes; GET /api/rotation lists them"
            );
        if (!telegram.TryGetProperty("problems", out var problems))
            return;
        foreach (var problem in problems.EnumerateArray())
            Output.Field("problem", problem.GetString()!);
    }

    static void PrintReplicas(JsonElement now)
    {
        if (!now.TryGetProperty("replicas", out var replicas))
            return;
        foreach (var replica in replicas.EnumerateArray())
        {
            var (videos, waiting) = (VideoView.Number(replica, "videos"), VideoView.Number(replica, "waiting"));
            Output.Field(
                "replica",
                $"{VideoView.Text(replica, "place")}: {videos} video{(videos == 1 ? "" : "s")}"
                    + (waiting > 0 ? $", {waiting} not whole yet" : "")
            );
            if (VideoView.Text(replica, "problem") is { Length: > 0 } problem)
                Output.Field("problem", problem);
        }
    }

    static void PrintChecks(JsonElement now)
    {
        if (!now.TryGetProperty("checks", out var checks))
            return;
        var (done, lost) = (VideoView.Number(checks, "done"), VideoView.Number(checks, "lost"));
        var last = checks.TryGetProperty("last", out var at) ? $", the last on {at.GetDateTimeOffset():yyyy-MM-dd}" : "";
        Output.Field(
            "checked",
            $"{done} of {VideoView.Number(checks, "shares")} nightly shares{last}"
                + (lost > 0 ? $"; {lost} copies lost, {VideoView.Number(checks, "mended")} made anew" : "")
        );
    }

    /// <summary>How many videos there are in each status; where the vault does not count, only of those that are not ready.</summary>
    static async Task<(long? All, Dictionary<string, long> Statuses)> CountAsync(VaultClient vault, CancellationToken cancellationToken)
    {
        if (await vault.CountAsync(cancellationToken) is { } counts)
            return (counts.Videos, counts.Statuses.ToDictionary(status => status.Name, status => status.Videos));
        var statuses = new Dictionary<string, long>();
        foreach (var status in UnderWay)
            statuses[status] = await vault
                .ListAsync(VideoFilter.All with { Status = status }, int.MaxValue, cancellationToken)
                .CountAsync(cancellationToken);
        return (null, statuses);
    }

    static string Count(JsonElement about, string list, string noun)
    {
        var count = about.TryGetProperty(list, out var value) && value.ValueKind == JsonValueKind.Array ? value.GetArrayLength() : 0;
        return $"{count} {noun}{(count == 1 ? "" : "s")}";
    }
}
