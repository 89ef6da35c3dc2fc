using TgVault.Cli.Chaos.Actors;
using TgVault.Cli.Chaos.Model;

namespace TgVault.Cli.Chaos.Victims;

/// <summary>
/// What happens to processes, one thing after the other: the vault and the stand-in are killed, ended, stopped and started again.
/// </summary>
sealed class Storm(Stage stage, VaultVictim vault, StandInVictim standIn) : Actor(stage, "storm")
{
    protected override TimeSpan Pause() => Dice.Seconds(1, 8);

    protected override async Task ActAsync(CancellationToken cancellationToken)
    {
        var (what, down, stopped) = (Dice.From(0, 99), Dice.Seconds(0.1, 2), Dice.Seconds(0.3, 4));
        switch (what)
        {
            case < 20:
                await DownAsync("kill the vault", () => vault.KillAsync(), down, vault, null, cancellationToken);
                break;
            case < 32:
                await DownAsync("end the vault", TerminateAsync, down, vault, null, cancellationToken);
                break;
            case < 46:
                await DownAsync("kill the stand-in", () => standIn.KillAsync(), down, standIn, null, cancellationToken);
                break;
            case < 56:
                await DownAsync("kill both", KillBothAsync, down, standIn, vault, cancellationToken);
                break;
            case < 64:
                await DownAsync("stop the vault, then kill it", () => StopAndKillAsync(stopped), down, vault, null, cancellationToken);
                break;
            case < 84:
                await StopAsync(vault, "stop the vault", stopped, cancellationToken);
                break;
            default:
                await StopAsync(standIn, "stop the stand-in", stopped, cancellationToken);
                break;
        }
    }

    async Task DownAsync(string name, Func<Task> end, TimeSpan down, Victim first, Victim? second, CancellationToken cancellationToken)
    {
        Tally.Count("faults", name);
        await end();
        await Task.Delay(down, cancellationToken);
        await first.StartAsync(cancellationToken);
        if (second is not null)
            await second.StartAsync(cancellationToken);
        Tally.Check(Invariant.Process, holds: true, () => "");
    }

    async Task TerminateAsync()
    {
        var code = await vault.TerminateAsync();
        Tally.Check(Invariant.Process, code == 0, () => $"asked to end, the vault ended with {code}");
    }

    async Task KillBothAsync()
    {
        await standIn.KillAsync();
        await vault.KillAsync();
    }

    async Task StopAndKillAsync(TimeSpan stopped)
    {
        var since = DateTimeOffset.UtcNow;
        vault.Stop();
        await Task.Delay(stopped);
        await vault.KillAsync(since);
    }

    async Task StopAsync(Victim victim, string name, TimeSpan stopped, CancellationToken cancellationToken)
    {
        Tally.Count("faults", name);
        victim.Stop();
        try
        {
            await Task.Delay(stopped, cancellationToken);
        }
        finally
        {
            victim.Continue();
        }
    }
}
