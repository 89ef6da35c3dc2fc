using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Chaos.Victims;

/// <summary>A document message of the stand-in that is not deleted.</summary>
/// <param name="Answered">When whoever sent it had been told so, whole; null: never.</param>
sealed record StandInDocument(long ChatId, int MessageId, bool IsDeleted, DateTimeOffset? Answered);

/// <summary>The stand-in for Telegram, a process beside the vault and not its child: either can be killed alone.</summary>
sealed class StandInVictim : Victim, IDisposable
{
    static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);
    static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    readonly HttpClient _control;

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
