using System.Diagnostics;
using System.Globalization;
using TgVault.Cli.Local;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Chaos.Victims;

/// <summary>The vault, as `up` runs it on a folder.</summary>
sealed class VaultVictim(VictimPlace place) : Victim("vault", place)
{
    static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(90);
    static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    long _peakBytes;

    public Uri Url { get; } = new($"http://localhost:{place.VaultPort}/");

    public string Key { get; private set; } = "";

    /// <summary>Whether it is told of its replica when it is started next.</summary>
    public bool HasReplica { get; set; } = true;

    /// <summary>The most that any of its processes ever had resident.</summary>
    public long PeakBytes => Interlocked.Read(ref _peakBytes);

    /// <summary>Which of its processes that was.</summary>
    public int PeakLife { get; private set; }

    /// <summary>Looks at what the process has resident; nothing where the system does not tell.</summary>
    public void Measure()
    {
        if (ProcessId is > 0 and var process)
            Before(process);
    }

    protected override ProcessStartInfo Program() =>
        VictimPlace.Program(
            "tgvault.dll",
            ["up", "--data", Place.Data, "--port", Place.VaultPort.ToString(CultureInfo.InvariantCulture)],
            HasReplica ? Place.VaultSettingsWithReplica : Place.VaultSettings
        );

    protected override async Task WaitUntilReadyAsync(Task exited, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(10) };
        var started = Stopwatch.StartNew();
        while (!exited.IsCompleted && started.Elapsed < LongestStart)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri("api/health", UriKind.Relative), cancellationToken);
                if (answer.IsSuccessStatusCode && VaultFolder.FindRunning(Place.Data) is { } running && running.Pid == ProcessId)
                {
                    Key = running.ApiKey;
                    return;
                }
            }
            catch (Exception exception)
                when (exception is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                // Not yet.
            }

            await Task.Delay(BetweenLooks, cancellationToken);
        }

        throw new CommandFailedException($"The vault {(exited.IsCompleted ? "ended" : "did not answer")} at its start. {Printed}");
    }

    // proc(5): VmHWM, in KiB.
    protected override void Before(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status")
                .FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            if (
                line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var text, ..]
                && long.TryParse(text, CultureInfo.InvariantCulture, out var peak)
                && peak << 10 > PeakBytes
            )
                (_peakBytes, PeakLife) = (peak << 10, Life);
        }
        catch (IOException)
        {
            // Another system, or the process has ended.
        }
    }
}
