using System.Diagnostics;
using TgVault.Cli.Chaos.Model;
using TgVault.Cli.Chaos.Victims;
using TgVault.Cli.Local;

namespace TgVault.Cli.Chaos.Checks;

/// <summary>Loses all that the vault keeps but its secrets, and has `recover` bring the library back.</summary>
sealed class RecoveryCheck(VictimPlace place, StandInVictim standIn, Tally tally)
{
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>With the vault ended, from the channel alone. True where the library is said to be complete.</summary>
    public Task<bool> FromChannelAsync(CancellationToken cancellationToken) => RunAsync("channel", [], cancellationToken);

    /// <summary>The same from the replica alone, with an empty channel.</summary>
    public async Task<bool> FromReplicaAsync(CancellationToken cancellationToken)
    {
        await standIn.KillAsync();
        Directory.Delete(place.Telegram, recursive: true);
        await standIn.StartAsync(cancellationToken);
        return await RunAsync("replica", ["--replica", place.Replica], cancellationToken);
    }

    async Task<bool> RunAsync(string from, string[] arguments, CancellationToken cancellationToken)
    {
        Directory.Delete(place.Storage, recursive: true);
        var printed = new List<string>();
        await using var recover = ChildProcess.Start(
            VictimPlace.Program("tgvault.dll", ["recover", "--data", place.Data, "--check", .. arguments], place.VaultSettings),
            TimeSpan.FromSeconds(10),
            line =>
            {
                lock (printed)
                    printed.Add(line);
            }
        );
        var started = Stopwatch.StartNew();
        await recover.Exited.WaitAsync(Longest, cancellationToken);
        await File.WriteAllLinesAsync(Path.Combine(place.Folder, $"recover-{from}.log"), printed, cancellationToken);
        tally.Count("recovery", $"seconds, from the {from}", (long)started.Elapsed.TotalSeconds);
        return tally.Check(
            Invariant.Recovery,
            recover.ExitCode == 0,
            () => $"recover from the {from} ended with {recover.ExitCode}. {recover.Printed}"
        );
    }
}
