using TgVault.Core.Rows;

namespace TgVault.Core.Tests.Rows;

public abstract partial class RowContract
{
    [Fact(Timeout = 60_000)]
    public async Task A_batch_makes_all_its_changes()
    {
        var table = await NewTable();
        var replaced = await table.PutAsync(new Row("p", "replaced") { ["A"] = 0 }, None);
        var removed = await table.PutAsync(new Row("p", "removed"), None);
        foreach (var key in new[] { "put", "gone" })
            await table.PutAsync(new Row("p", key) { ["B"] = 0 }, None);

        Assert.True(
            await table.TryChangeAsync(
                [
                    new RowChange(RowChangeKind.Insert, new Row("p", "inserted") { ["A"] = 1 }),
                    new RowChange(RowChangeKind.Put, new Row("p", "put") { ["A"] = 2 }),
                    new RowChange(RowChangeKind.Put, new Row("p", "new") { ["A"] = 3 }),
                    new RowChange(RowChangeKind.Replace, new Row("p", "replaced") { ["A"] = 4 }, replaced),
                    new RowChange(RowChangeKind.Delete, new Row("p", "removed"), removed),
                    new RowChange(RowChangeKind.Delete, new Row("p", "gone")),
                ],
                None
            )
        );

        Assert.Equal(
            ["inserted A=Int32:1", "new A=Int32:3", "put A=Int32:2", "replaced A=Int32:4"],
            (await table.ListAsync(RowRange.All, 100, null, None).ToListAsync()).Select(row => $"{row.Key} {Describe(row)}")
        );
    }

    [Theory(Timeout = 60_000)]
    [InlineData(RowChangeKind.Insert, "there", false)]
    [InlineData(RowChangeKind.Replace, "there", true)]
    [InlineData(RowChangeKind.Replace, "missing", true)]
    [InlineData(RowChangeKind.Delete, "there", true)]
    [InlineData(RowChangeKind.Delete, "missing", true)]
    [InlineData(RowChangeKind.Delete, "missing", false)]
    internal async Task A_batch_with_one_change_that_cannot_be_made_makes_none(RowChangeKind kind, string key, bool withOldVersion)
    {
        var table = await NewTable();
        var old = await table.PutAsync(new Row("p", "there"), None);
        var current = await table.PutAsync(new Row("p", "there"), None);
        var before = await table.PutAsync(new Row("p", "before"), None);

        for (var place = 0; place < 3; place++)
        {
            var changes = new List<RowChange>
            {
                new(RowChangeKind.Put, new Row("p", "new")),
                new(RowChangeKind.Delete, new Row("p", "before"), before),
            };
            changes.Insert(place, new RowChange(kind, new Row("p", key), withOldVersion ? old : null));
            Assert.False(await table.TryChangeAsync(changes, None));
        }

        var left = await table.ListAsync(RowRange.All, 100, null, None).ToListAsync();
        Assert.Equal([("before", before), ("there", current)], left.Select(row => (row.Key, row.Version)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Of_batches_that_race_for_one_row_exactly_one_wins_and_the_others_leave_nothing()
    {
        var table = await NewTable();

        var won = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(i =>
                    table.TryChangeAsync(
                        [
                            new RowChange(RowChangeKind.Put, new Row("p", $"own{i}")),
                            new RowChange(RowChangeKind.Insert, new Row("p", "shared") { ["A"] = i }),
                        ],
                        None
                    )
                )
        );

        Assert.Single(won, true);
        var winner = Array.IndexOf(won, true);
        var left = await table.ListAsync(RowRange.All, 100, null, None).ToListAsync();
        Assert.Equal([$"own{winner}", "shared"], left.Select(row => row.Key));
        Assert.Equal(winner, left[1].Int32("A"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_hundred_changes_go_at_once()
    {
        var table = await NewTable();
        var row = new string('t', 5000);

        Assert.True(
            await table.TryChangeAsync(
                [.. Enumerable.Range(0, 100).Select(i => new RowChange(RowChangeKind.Insert, new Row("p", $"{i:D3}") { ["T"] = row }))],
                None
            )
        );

        Assert.Equal(100, await table.ListAsync(RowRange.Of("p"), 1000, null, None).CountAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_batch_that_no_store_can_make_is_refused()
    {
        var table = await NewTable();

        await Refused();
        await Refused([.. Enumerable.Range(0, 101).Select(i => new RowChange(RowChangeKind.Put, new Row("p", $"{i}")))]);
        await Refused(new RowChange(RowChangeKind.Put, new Row("p", "a")), new RowChange(RowChangeKind.Put, new Row("q", "b")));
        await Refused(new RowChange(RowChangeKind.Put, new Row("p", "a")), new RowChange(RowChangeKind.Delete, new Row("p", "a")));
        await Refused(new RowChange(RowChangeKind.Replace, new Row("p", "a")));
        await Refused(new RowChange(RowChangeKind.Put, new Row("p", "a"), "1"));
        await Refused(new RowChange(RowChangeKind.Insert, new Row("p", "a"), "1"));
        Assert.Empty(await table.ListAsync(RowRange.All, 100, [], None).ToListAsync());

        Task Refused(params RowChange[] changes) => Assert.ThrowsAsync<ArgumentException>(() => table.TryChangeAsync(changes, None));
    }
}
