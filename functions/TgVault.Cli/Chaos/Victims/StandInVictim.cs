using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Chaos.Victims;

/// <summary>A document message of the stand-in that is not deleted.</summary>
/// <param name="Path">Where its bytes lie.</param>
/// <param name="Answered">When whoever sent it had been told so, whole; null: never.</param>
sealed record StandInDocument(long ChatId, int MessageId, string Path, bool IsDeleted, DateTimeOffset? Answered);

/// <summary>The stand-in for Telegram, a process beside the vault and not its child: either can be killed alone.</summary>
sealed class StandInVictim : Victim, IDisposable
{
    static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);
    static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    // Bots delete what is younger than 48 hours.
    static readonly TimeSpan MostAhead = TimeSpan.FromHours(40);

    readonly HttpClient _control;
    long _aheadSeconds;

    public StandInVictim(VictimPlace place)
        : base("telegram", place) =>
        _control = new HttpClient
        {
            BaseAddress = new Uri($"http://127.0.0.1:{place.StandInPort}/control/"),
            Timeout = TimeSpan.FromSeconds(10),
        };

    /// <summary>Lets a fault wait for its calls; false where nobody answered.</summary>
    /// <param name="fault">As /control/faults takes it.</param>
    public Task<bool> AddFaultAsync(object fault, CancellationToken cancellationToken) =>
        TryAsync(() => _control.PostAsJsonAsync(new Uri("faults", UriKind.Relative), fault, cancellationToken), cancellationToken);

    /// <summary>Caps every connection; 0 = not at all.</summary>
    public Task<bool> CapAsync(long bytesPerSecond, CancellationToken cancellationToken) =>
        TryAsync(
            () => _control.PostAsJsonAsync(new Uri("bandwidth", UriKind.Relative), new { bytesPerSecond }, cancellationToken),
            cancellationToken
        );

    /// <summary>Nothing goes wrong any more.</summary>
    public Task<bool> ClearAsync(CancellationToken cancellationToken) =>
        TryAsync(() => _control.DeleteAsync(new Uri("faults", UriKind.Relative), cancellationToken), cancellationToken);

    /// <summary>
    /// Moves its clock on, for good: Telegram's never goes back. Links to files end so. Only so far that every message can be deleted:
    /// documents that no longer can are nobody's fault.
    /// </summary>
    public async Task AdvanceAsync(TimeSpan by, CancellationToken cancellationToken)
    {
        var seconds = (long)by.TotalSeconds;
        if (Interlocked.Read(ref _aheadSeconds) + seconds > MostAhead.TotalSeconds)
            return;
        // First noted: one that is killed in between starts with it.
        Interlocked.Add(ref _aheadSeconds, seconds);
        await TryAsync(
            () => _control.PostAsJsonAsync(new Uri("clock", UriKind.Relative), new { advanceSeconds = seconds }, cancellationToken),
            cancellationToken
        );
    }

    /// <summary>Loses a message and its bytes for ever.</summary>
    /// <exception cref="HttpRequestException">It did not.</exception>
    public async Task LoseAsync(StandInDocument document, CancellationToken cancellationToken)
    {
        using var answer = await _control.PostAsJsonAsync(
            new Uri("lose", UriKind.Relative),
            new
            {
                chat = document.ChatId,
                message = document.MessageId,
                bytesToo = true,
            },
            cancellationToken
        );
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Every document that is in the channel.</summary>
    public async Task<IReadOnlyList<StandInDocument>> ListAsync(CancellationToken cancellationToken) =>
        [
            .. (
                await _control.GetFromJsonAsync<StandInDocument[]>(
                    new Uri("documents", UriKind.Relative),
                    JsonSerializerOptions.Web,
                    cancellationToken
                ) ?? []
            ).Where(document => !document.IsDeleted),
        ];

    public void Dispose() => _control.Dispose();

    protected override ProcessStartInfo Program() =>
        VictimPlace.Program(
            "TgVault.BotApi.dll",
            [
                "--data",
                Place.Telegram,
                "--port",
                Place.StandInPort.ToString(CultureInfo.InvariantCulture),
                "--channel",
                VictimPlace.Channel.ToString(CultureInfo.InvariantCulture),
                "--exit-with-stdin",
                "--reclaim-deleted",
                "--control",
                "--clock-ahead",
                Interlocked.Read(ref _aheadSeconds).ToString(CultureInfo.InvariantCulture),
            ],
            new Dictionary<string, string> { ["TGVAULT_BOTAPI_TOKENS"] = Place.Token }
        );

    protected override async Task WaitUntilReadyAsync(Task exited, CancellationToken cancellationToken)
    {
        var started = Stopwatch.StartNew();
        while (!exited.IsCompleted && started.Elapsed < LongestStart)
        {
            if (await TryAsync(() => _control.GetAsync(new Uri("clock", UriKind.Relative), cancellationToken), cancellationToken))
                return;
            await Task.Delay(BetweenLooks, cancellationToken);
        }

        throw new CommandFailedException($"The stand-in {(exited.IsCompleted ? "ended" : "did not answer")} at its start. {Printed}");
    }

    static async Task<bool> TryAsync(Func<Task<HttpResponseMessage>> ask, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await ask();
            return answer.IsSuccessStatusCode;
        }
        catch (Exception exception)
            when (exception is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
