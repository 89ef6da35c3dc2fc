using TgVault.Cli.Chaos.Model;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Chaos;

/// <summary>What a run gives back: counts, and every invariant with how often it was looked at.</summary>
static class ChaosReport
{
    public static void Print(Tally tally, ChaosOptions options)
    {
        Output.Table(["group", "what", "count"], tally.Counts.Select(count => (string[])[count.Group, count.What, $"{count.Count}"]));
        Output.Table(
            ["invariant", "looks", "broken"],
            Enum.GetValues<Invariant>()
                .Select(invariant => (string[])[invariant.Text(), $"{tally.ChecksOf(invariant)}", $"{tally.BreaksOf(invariant)}"])
        );
        foreach (var broken in tally.Broken)
            Output.Line($"BROKEN {broken}");
        Output.Line(
            $"seed {options.Seed}: {(tally.Breaks == 0 ? "all invariants hold" : $"{tally.Breaks} times an invariant did not hold")}"
        );
    }

    public static void PrintJson(Tally tally, ChaosOptions options) =>
        Output.Json(
            new
            {
                options.Seed,
                Seconds = options.Time.TotalSeconds,
                Counts = tally.Counts.Select(count => new
                {
                    count.Group,
                    count.What,
                    count.Count,
                }),
                Invariants = Enum.GetValues<Invariant>()
                    .Select(invariant => new
                    {
                        Name = invariant.Text(),
                        Looks = tally.ChecksOf(invariant),
                        Broken = tally.BreaksOf(invariant),
                    }),
                tally.Broken,
            }
        );
}
