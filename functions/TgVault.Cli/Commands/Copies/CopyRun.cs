using System.Text.Json;
using TgVault.Cli.Client;
using TgVault.Cli.Client.Videos;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Commands.Copies;

/// <summary>What is asked of the vault for each video.</summary>
sealed record CopyWish(bool Whole, bool LookOnly, int? Part, int? Of);

/// <summary>
/// Has the vault look at the copies of videos, a part of one at a time, so that it can be ended and begun again anywhere. What a first look
/// finds lost in a channel is looked at again at the end, after the time that the vault asks for.
/// </summary>
sealed class CopyRun(VaultClient vault, CopyWish wish)
{
    /// <summary>Telegram may ask for hours; whoever waits can end it.</summary>
    static readonly TimeSpan LongestWait = TimeSpan.FromHours(24);

    readonly List<VideoView> _suspected = [];
    readonly CopyTotals _totals = new();
    readonly HashSet<string> _outOfReach = [];
    TimeSpan _lookAgain;

    /// <summary>Goes through the videos; ends early where the vault cannot reach what it looks at.</summary>
    public async Task<CopyTotals> RunAsync(IAsyncEnumerable<VideoView> videos, CancellationToken cancellationToken)
    {
        await foreach (var video in videos.WithCancellation(cancellationToken))
        {
            if (!await LookAsync(video, isAgain: false, cancellationToken))
                return _totals;
            _totals.Videos++;
        }

        if (_suspected.Count == 0)
            return _totals;
        Notice.PrintError(
            $"{_suspected.Count} video{(_suspected.Count == 1 ? "" : "s")} with documents that seem lost: looking again in "
                + $"{_lookAgain.TotalSeconds:0} s, for nothing is called lost on one proof."
        );
        await Task.Delay(_lookAgain, cancellationToken);
        foreach (var video in _suspected)
        {
            if (!await LookAsync(video, isAgain: true, cancellationToken))
                break;
        }

        return _totals;
    }

    /// <summary>Has the catalogue looked at, in all places.</summary>
    public async Task LookAtCatalogueAsync(CancellationToken cancellationToken)
    {
        var report = await vault.CheckCatalogueAsync(new { lookOnly = wish.LookOnly }, cancellationToken);
        _totals.Add(report, isAgain: false);
        Tell("catalogue", "", report);
    }

    /// <summary>False where it is of no use to go on.</summary>
    async Task<bool> LookAsync(VideoView video, bool isAgain, CancellationToken cancellationToken)
    {
        var isSuspected = false;
        for (int? next = 0; next is { } from; )
        {
            var report = await vault.CheckCopiesAsync(
                video.Id,
                new
                {
                    whole = wish.Whole,
                    lookOnly = wish.LookOnly,
                    from,
                    part = wish.Part,
                    of = wish.Of,
                    suspectsOnly = isAgain,
                },
                cancellationToken
            );
            if (!isAgain && report.TryGetProperty("lookAgainSeconds", out var again))
            {
                isSuspected = true;
                _lookAgain = TimeSpan.FromSeconds(again.GetDouble() + 1);
            }

            _totals.Add(report, isAgain);
            Tell(video.Id, video.Name, report);
            if (VideoView.Text(report, "stopped") is { Length: > 0 } reason)
            {
                _totals.Stopped = reason;
                return false;
            }

            next = report.TryGetProperty("next", out var value) ? value.GetInt32() : null;
            if (report.TryGetProperty("waitSeconds", out var wait))
                await WaitAsync(TimeSpan.FromSeconds(wait.GetDouble()), cancellationToken);
        }

        if (isSuspected)
            _suspected.Add(video);
        return true;
    }

    static async Task WaitAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        Notice.PrintError($"Telegram asks to wait {Units.Clock(wait.TotalSeconds)}.");
        await Task.Delay(wait < LongestWait ? wait : LongestWait, cancellationToken);
    }

    /// <summary>What is not good, on standard output: video, document, place, how it is, name.</summary>
    void Tell(string id, string name, JsonElement report)
    {
        foreach (var finding in report.GetProperty("findings").EnumerateArray())
        {
            // What is seen for the first time is told by the second look.
            if (finding.GetProperty("suspected").GetBoolean())
                continue;
            var state = VideoView.Text(finding, "state");
            // Of a place that cannot be reached one line is enough.
            if (state is "unreachable" or "throttled" or "archived" && !_outOfReach.Add(VideoView.Text(finding, "place")))
                continue;
            Line(
                id,
                name,
                VideoView.Text(finding, "document"),
                VideoView.Text(finding, "place"),
                finding.GetProperty("mended").GetBoolean() ? $"{Told(state)}, mended" : Told(state)
            );
        }

        if (VideoView.Number(report, "oneCopy") is > 0 and var count)
            Line(id, name, $"{count} chunk{(count == 1 ? "" : "s")}", "", "one copy left");
    }

    static void Line(string id, string name, string document, string place, string state) =>
        Console.Out.WriteLine(string.Join('\t', id, document, SafeText.Of(place), state, SafeText.Of(name)));

    static string Told(string state) =>
        state switch
        {
            "wrongKey" => "wrong key",
            "throttled" => "not looked at: Telegram asks to wait",
            "unreachable" => "not looked at: cannot be reached",
            "archived" => "not looked at: archived, and must be rehydrated first",
            _ => state,
        };
}
