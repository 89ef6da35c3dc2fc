using System.Globalization;
using TgVault.Cli.Chaos.Model;
using TgVault.Cli.Chaos.Victims;
using TgVault.Cli.Local;
using TgVault.Cli.Terminal;
using TgVault.Core.Replicas.Copies;

namespace TgVault.Cli.Chaos.Checks;

/// <summary>
/// Two copies of everything are worth two: what the storm did to the replica, and then what is done to the channel, has to be made anew
/// from the other.
/// </summary>
sealed class CopiesCheck(VictimPlace place, StoppedVault stopped, StandInVictim standIn, Dice dice, Tally tally)
{
    const int MostRounds = 3;
    const int FewestLost = 4;
    const int MostLost = 40;

    static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>With the vault ended: whether the replica has followed all that is stored.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        var (isDone, problem) = await stopped.AskAsync(
            async services =>
            {
                var replication = services.GetRequiredService<Replication>();
                var isDone = await replication.RunAsync(cancellationToken);
                var shown = await replication.ShowAsync(cancellationToken);
                return (isDone, string.Join("; ", shown.Select(replica => $"{replica.Waiting} videos wait. {replica.Problem}")));
            },
            cancellationToken
        );
        tally.Check(Invariant.Mended, isDone, () => $"the replica did not follow: {problem}");
    }

    /// <summary>With the vault up: looks at every byte of every copy until there is nothing to mend.</summary>
    /// <param name="mayFind">Whether the first look may find damage; else it must.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task VerifyAsync(bool mayFind, CancellationToken cancellationToken)
    {
        var (code, told) = await LookAsync(cancellationToken);
        tally.Count("copies", code == ExitCodes.Damage ? "verify found damage" : "verify found none");
        tally.Check(
            Invariant.Mended,
            code == ExitCodes.Damage || (mayFind && code == ExitCodes.Done),
            () => $"a look at all copies ended with {code}. {told}"
        );
        for (var round = 1; code != ExitCodes.Done && round <= MostRounds; round++)
            (code, told) = await LookAsync(cancellationToken);
        tally.Check(Invariant.Mended, code == ExitCodes.Done, () => $"after mending, a look at all copies ended with {code}. {told}");
    }

    /// <summary>Loses some chunks of the channel, and damages others.</summary>
    public async Task DamageChannelAsync(IReadOnlyList<StandInDocument> chunks, CancellationToken cancellationToken)
    {
        var left = chunks.ToList();
        var count = Math.Min(left.Count, Math.Clamp(left.Count / 10, FewestLost, MostLost));
        for (var i = 0; i < count; i++)
        {
            var which = dice.From(0, left.Count - 1);
            var document = left[which];
            left.RemoveAt(which);
            if (i % 2 == 0)
                await standIn.LoseAsync(document, cancellationToken);
            else
                FileDamage.Do(document.Path, 2, dice.Roll());
            tally.Count("copies", i % 2 == 0 ? "chunks lost in the channel" : "chunks damaged in the channel");
        }
    }

    async Task<(int Code, string Told)> LookAsync(CancellationToken cancellationToken)
    {
        var log = Path.Combine(place.Folder, "verify.log");
        var @lock = new Lock();
        await using var verify = ChildProcess.Start(
            VictimPlace.Program("tgvault.dll", ["verify", "--data", place.Data], new Dictionary<string, string>()),
            TimeSpan.FromSeconds(10),
            line =>
            {
                lock (@lock)
                    File.AppendAllText(log, string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:HH:mm:ss.fff} {line}\n"));
            }
        );
        await verify.Exited.WaitAsync(Longest, cancellationToken);
        return (verify.ExitCode, verify.Printed);
    }
}
