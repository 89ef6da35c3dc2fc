using System.Diagnostics;
using TgVault.Cli.Chaos.Model;
using TgVault.Cli.Chaos.Victims;
using TgVault.Cli.Local;

namespace TgVault.Cli.Chaos.Checks;

/// <summary>Loses all that the vault keeps but its secrets, and has `recover` bring the library back.</summary>
sealed class RecoveryCheck(VictimPlace place, Tally tally)
{
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>With the vault ended. True where the library is said to be complete.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        Directory.Delete(place.Storage, recursive: true);
        var printed = new List<string>();
        await using var recover = ChildProcess.Start(
            VictimPlace.Program("tgvault.dll", ["recover", "--data", place.Data, "--check"], place.VaultSettings),
            TimeSpan.FromSeconds(10),
            line =>
            {
                lock (printed)
                    printed.Add(line);
            }
        );
        var started = Stopwatch.StartNew();
        await recover.Exited.WaitAsync(Longest, cancellationToken);
        await File.WriteAllLinesAsync(Path.Combine(place.Folder, "recover.log"), printed, cancellationToken);
        tally.Count("recovery", "seconds", (long)started.Elapsed.TotalSeconds);
        return tally.Check(Invariant.Recovery, recover.ExitCode == 0, () => $"recover ended with {recover.ExitCode}. {recover.Printed}");
    }
}
