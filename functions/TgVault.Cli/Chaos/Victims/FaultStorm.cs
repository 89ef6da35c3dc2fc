using TgVault.Cli.Chaos.Actors;
using TgVault.Cli.Chaos.Model;

namespace TgVault.Cli.Chaos.Victims;

/// <summary>What happens to calls: they fail in every way that the stand-in knows, or its connections become slow.</summary>
sealed class FaultStorm(Stage stage, StandInVictim standIn) : Actor(stage, "faults")
{
    protected override TimeSpan Pause() => Dice.Seconds(0.3, 2);

    protected override async Task ActAsync(CancellationToken cancellationToken)
    {
        var (what, bytesPerSecond, time, ahead, (name, fault)) = (
            Dice.From(0, 99),
            Dice.Size(64 << 10, 4 << 20),
            Dice.Seconds(1, 8),
            Dice.Seconds(60, 2 * 60 * 60),
            StormFault.Roll(Dice)
        );
        if (what < 8)
        {
            Tally.Count("faults", "slow connections");
            await standIn.CapAsync(bytesPerSecond, cancellationToken);
            await WaitAsync(time, cancellationToken);
            await standIn.CapAsync(0, cancellationToken);
        }
        else if (what < 14)
        {
            Tally.Count("faults", "none for a while");
            await standIn.ClearAsync(cancellationToken);
            await WaitAsync(time, cancellationToken);
        }
        else if (what < 17)
        {
            Tally.Count("faults", "Telegram's clock moved on");
            await standIn.AdvanceAsync(ahead, cancellationToken);
        }
        else
        {
            Tally.Count("faults", name);
            await standIn.AddFaultAsync(fault, cancellationToken);
        }
    }
}
