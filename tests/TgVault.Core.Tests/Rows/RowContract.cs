using TgVault.Core.Rows;

namespace TgVault.Core.Tests.Rows;

/// <summary>What every store of rows owes its callers; each implementation runs all of it.</summary>
public abstract partial class RowContract
{
    protected static CancellationToken None => CancellationToken.None;

    /// <summary>A store with no tables.</summary>
    private protected abstract IRowStore NewStore();

    /// <summary>The table that most of it runs on.</summary>
    private protected virtual string TableName => "things";

    [Fact(Timeout = 60_000)]
    public async Task Every_type_of_value_comes_back_as_it_was_written()
    {
        var table = await NewTable();
        var row = new Row("p", "k")
        {
            ["Text"] = "a \"text\"\n\t\\ 日本語 👩‍👩‍👧 ' é\u0301",
            ["Empty"] = "",
            ["Int"] = int.MinValue,
            ["SmallLong"] = 1L,
            ["Long"] = long.MinValue,
            ["MaxLong"] = long.MaxValue,
            ["True"] = true,
            ["False"] = false,
            ["Time"] = new DateTimeOffset(2026, 11, 28, 1, 2, 3, TimeSpan.FromHours(2)).AddTicks(1_234_567),
            ["OldTime"] = new DateTimeOffset(1601, 1, 1, 0, 0, 0, TimeSpan.Zero),
            ["LastTime"] = DateTimeOffset.MaxValue,
            ["Bytes"] = new byte[] { 0, 255, 1, 127, 128 },
            ["NoBytes"] = Array.Empty<byte>(),
            ["Absent"] = null,
        };

        var version = await table.TryInsertAsync(row, None);
        var found = await table.FindAsync("p", "k", null, None);

        Assert.NotNull(found);
        Assert.Equal(Describe(row), Describe(found));
        Assert.Equal(("p", "k", version), (found.Partition, found.Key, found.Version));
        Assert.Equal(TimeSpan.Zero, found.Time("Time")!.Value.Offset);
        Assert.False(found.Values.ContainsKey("Absent"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_row_without_values_is_a_row()
    {
        var table = await NewTable();
        await table.PutAsync(new Row("p", "k"), None);

        var found = await table.FindAsync("p", "k", null, None);

        Assert.NotNull(found);
        Assert.Empty(found.Values);
        Assert.NotEqual("", found.Version);
    }

    [Fact(Timeout = 60_000)]
    public async Task Only_the_values_that_are_asked_for_come()
    {
        var table = await NewTable();
        var version = await table.TryInsertAsync(
            new Row("p", "k")
            {
                ["A"] = 1,
                ["B"] = 2L,
                ["C"] = "c",
            },
            None
        );

        var some = (await table.FindAsync("p", "k", ["B", "D"], None))!;
        var none = (await table.ListAsync(RowRange.All, 10, [], None).ToListAsync()).Single();

        Assert.Equal("B=Int64:2", Describe(some));
        Assert.Empty(none.Values);
        Assert.Equal((version, version), (some.Version, none.Version));
        Assert.NotEqual(default, none.Modified);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_row_that_is_there_is_not_inserted_again_and_one_that_is_not_there_is_not_found()
    {
        var table = await NewTable();
        var first = await table.TryInsertAsync(new Row("p", "k") { ["A"] = 1 }, None);

        Assert.Null(await table.TryInsertAsync(new Row("p", "k") { ["A"] = 2 }, None));

        var found = (await table.FindAsync("p", "k", null, None))!;
        Assert.Equal((1, first), (found.Int32("A"), found.Version));
        Assert.Null(await table.FindAsync("p", "other", null, None));
        Assert.Null(await table.FindAsync("other", "k", null, None));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_row_is_replaced_wholly_and_only_in_the_version_that_is_named()
    {
        var table = await NewTable();
        var first = (await table.TryInsertAsync(new Row("p", "k") { ["A"] = 1, ["B"] = 1 }, None))!;

        var second = await table.TryReplaceAsync(new Row("p", "k") { ["A"] = 2 }, first, None);

        Assert.NotNull(second);
        Assert.NotEqual(first, second);
        Assert.Null(await table.TryReplaceAsync(new Row("p", "k") { ["A"] = 3 }, first, None));
        Assert.Null(await table.TryReplaceAsync(new Row("p", "other"), first, None));
        var found = (await table.FindAsync("p", "k", null, None))!;
        Assert.Equal(("A=Int32:2", second), (Describe(found), found.Version));
        Assert.Null(await table.FindAsync("p", "other", null, None));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_row_is_put_whether_it_is_there_or_not()
    {
        var table = await NewTable();

        var first = await table.PutAsync(new Row("p", "k") { ["A"] = 1 }, None);
        var second = await table.PutAsync(new Row("p", "k") { ["B"] = 2 }, None);

        var found = (await table.FindAsync("p", "k", null, None))!;
        Assert.NotEqual(first, second);
        Assert.Equal(("B=Int32:2", second), (Describe(found), found.Version));
    }

    [Fact(Timeout = 60_000)]
    public async Task No_version_comes_twice_not_even_of_a_row_that_was_removed_and_made_again()
    {
        var table = await NewTable();
        var versions = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            versions.Add((await table.TryInsertAsync(new Row("p", "k"), None))!);
            versions.Add((await table.TryReplaceAsync(new Row("p", "k"), versions[^1], None))!);
            versions.Add(await table.PutAsync(new Row("p", "k"), None));
            await table.DeleteAsync("p", "k", None);
        }

        Assert.Equal(60, versions.Distinct().Count());
        await table.PutAsync(new Row("p", "k"), None);
        foreach (var version in versions)
            Assert.Null(await table.TryReplaceAsync(new Row("p", "k"), version, None));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_row_is_removed_in_any_version_or_in_the_one_that_is_named()
    {
        var table = await NewTable();
        var first = (await table.TryInsertAsync(new Row("p", "k"), None))!;
        var second = (await table.TryReplaceAsync(new Row("p", "k"), first, None))!;

        Assert.False(await table.TryDeleteAsync("p", "k", first, None));
        Assert.NotNull(await table.FindAsync("p", "k", null, None));
        Assert.True(await table.TryDeleteAsync("p", "k", second, None));
        Assert.Null(await table.FindAsync("p", "k", null, None));
        Assert.False(await table.TryDeleteAsync("p", "k", second, None));

        await table.PutAsync(new Row("p", "k"), None);
        await table.DeleteAsync("p", "k", None);
        await table.DeleteAsync("p", "k", None);
        Assert.Null(await table.FindAsync("p", "k", null, None));
    }

    [Fact(Timeout = 60_000)]
    public async Task Tables_of_a_store_do_not_see_each_other_and_making_one_again_changes_nothing()
    {
        var store = NewStore();
        var (one, other) = (store.Table("one"), store.Table("other"));
        await Task.WhenAll(one.CreateAsync(None), other.CreateAsync(None), one.CreateAsync(None));
        await one.PutAsync(new Row("p", "k"), None);

        await store.Table("one").CreateAsync(None);

        Assert.NotNull(await store.Table("one").FindAsync("p", "k", null, None));
        Assert.Null(await other.FindAsync("p", "k", null, None));
    }

    [Fact(Timeout = 60_000)]
    public async Task Of_those_that_replace_one_version_exactly_one_wins()
    {
        var table = await NewTable();
        var version = (await table.TryInsertAsync(new Row("p", "k") { ["A"] = 0 }, None))!;
        for (var round = 1; round <= 10; round++)
        {
            var tried = await Task.WhenAll(
                Enumerable.Range(0, 8).Select(i => table.TryReplaceAsync(new Row("p", "k") { ["A"] = i }, version, None))
            );
            var winner = Assert.Single(tried, answer => answer is not null);
            var found = (await table.FindAsync("p", "k", null, None))!;
            Assert.Equal((winner, Array.IndexOf(tried, winner)), (found.Version, found.Int32("A")));
            version = winner!;
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Of_those_that_insert_one_row_exactly_one_wins()
    {
        var table = await NewTable();

        var tried = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => table.TryInsertAsync(new Row("p", "k") { ["A"] = i }, None)));

        var winner = Assert.Single(tried, answer => answer is not null);
        var found = (await table.FindAsync("p", "k", null, None))!;
        Assert.Equal((winner, Array.IndexOf(tried, winner)), (found.Version, found.Int32("A")));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_call_that_is_cancelled_before_it_begins_does_nothing()
    {
        var table = await NewTable();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var token = cancelled.Token;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => table.PutAsync(new Row("p", "k"), token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => table.TryInsertAsync(new Row("p", "k"), token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => table.FindAsync("p", "k", null, token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            table.TryChangeAsync([new RowChange(RowChangeKind.Put, new Row("p", "k"))], token)
        );
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await table.ListAsync(RowRange.All, 10, null, token).ToListAsync(token)
        );

        Assert.Null(await table.FindAsync("p", "k", null, None));
    }

    private protected async Task<IRowTable> NewTable()
    {
        var table = NewStore().Table(TableName);
        await table.CreateAsync(None);
        return table;
    }

    /// <summary>The values with their types, in the order of their names.</summary>
    internal static string Describe(Row row) =>
        string.Join(
            ' ',
            row.Values.OrderBy(value => value.Key, StringComparer.Ordinal)
                .Select(value =>
                    $"{value.Key}={value.Value.GetType().Name}:"
                    + value.Value switch
                    {
                        byte[] bytes => Convert.ToHexString(bytes),
                        DateTimeOffset time => time.UtcTicks.ToString(System.Globalization.CultureInfo.InvariantCulture),
                        var other => Convert.ToString(other, System.Globalization.CultureInfo.InvariantCulture),
                    }
                )
        );
}
