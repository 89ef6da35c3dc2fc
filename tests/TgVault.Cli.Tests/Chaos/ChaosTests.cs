using TgVault.Cli.Chaos;
using TgVault.Cli.Chaos.Model;
using Xunit.Abstractions;

namespace TgVault.Cli.Tests.Chaos;

/// <summary>
/// About three minutes of `tgvault chaos`: so much as three minutes hold on a machine that is not busy, however long that takes. The rest
/// is for who asks for it.
/// </summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    const int Seed = 1;
    const int Acts = 1_000;

    [Fact(Timeout = 1_200_000)]
    public async Task Three_minutes_of_it_break_nothing()
    {
        var folder = Directory.CreateTempSubdirectory("tgvault-chaos-").FullName;
        var tally = new Tally();
        var options = new ChaosOptions(TimeSpan.FromMinutes(15), Seed, folder) { MostActs = Acts };

        await new ChaosRun(options, tally, told => output.WriteLine($"{DateTime.Now:HH:mm:ss} {told}")).RunAsync(CancellationToken.None);

        foreach (var (group, what, count) in tally.Counts)
            output.WriteLine($"{group}\t{what}\t{count}");
        // What would say more is kept where something is broken.
        Assert.True(tally.Breaks == 0, $"{string.Join('\n', tally.Broken)}\nseed {Seed}, in {folder}");
        Directory.Delete(folder, recursive: true);
        // It was a storm, and everything was looked at.
        Assert.InRange(tally.Counts.Where(count => count.Group == "faults").Sum(count => count.Count), 50, long.MaxValue);
        Assert.InRange(tally.Of("documents", "in use"), 50, long.MaxValue);
        Assert.All(
            Enum.GetValues<Invariant>().Except([Invariant.Retry]),
            invariant => Assert.True(tally.ChecksOf(invariant) > 0, $"Nobody looked whether {invariant.Text()}.")
        );
    }
}
