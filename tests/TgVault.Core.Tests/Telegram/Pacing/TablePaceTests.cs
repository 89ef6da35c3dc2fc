using TgVault.Core.Rows;
using TgVault.Core.Telegram.Pacing;
using TgVault.Core.Tests.Rows;
using TgVault.Testing;

namespace TgVault.Core.Tests.Telegram.Pacing;

/// <summary>What instances of a function app share: the row in Table Storage, by its own times and versions.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class TablePaceTests(AzuriteFixture azurite)
{
    [Fact(Timeout = 60_000)]
    public async Task Instances_that_ask_at_the_same_time_get_times_that_follow_one_another()
    {
        var table = TableRowsTests.StoreIn(azurite).Table(VaultTables.Vault);
        await table.CreateAsync(CancellationToken.None);
        var instances = Enumerable.Range(0, 4).Select(_ => PaceRow.Of(table, 1, -1, new TableClock(table, TimeProvider.System))).ToList();

        var leases = await Task.WhenAll(
            instances.SelectMany(row =>
                Enumerable.Range(0, 3).Select(_ => row.LeaseAsync(2, 600, null, TimeSpan.FromMinutes(5), CancellationToken.None))
            )
        );

        var inOrder = leases.OrderBy(lease => lease.From).ToList();
        Assert.All(leases, lease => Assert.Equal(TimeSpan.FromSeconds(0.2), lease.Free - lease.From));
        Assert.All(inOrder.Zip(inOrder.Skip(1)), pair => Assert.True(pair.Second.From >= pair.First.Free));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_instance_whose_clock_is_wrong_goes_by_that_of_the_table()
    {
        var table = TableRowsTests.StoreIn(azurite).Table(VaultTables.Vault);
        await table.CreateAsync(CancellationToken.None);
        var (right, wrong) = (new TableClock(table, TimeProvider.System), new TableClock(table, new Ahead(TimeSpan.FromHours(3))));
        await right.MeasureAsync(CancellationToken.None);
        await wrong.MeasureAsync(CancellationToken.None);

        // Good to what a call takes on a busy machine, and no hours.
        Assert.InRange((wrong.Now - right.Now).TotalSeconds, -20, 20);
    }

    sealed class Ahead(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
