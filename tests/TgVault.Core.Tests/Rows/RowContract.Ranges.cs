using TgVault.Core.Rows;

namespace TgVault.Core.Tests.Rows;

public abstract partial class RowContract
{
    /// <summary>All characters that a key may have, in their order.</summary>
    static readonly string[] Characters =
    [
        .. Enumerable
            .Range('!', '~' - '!' + 1)
            .Select(c => ((char)c).ToString())
            .Where(c => !@"/\#?%".Contains(c, StringComparison.Ordinal)),
    ];

    [Fact(Timeout = 60_000)]
    public async Task Rows_come_in_the_order_of_the_codes_of_partition_and_key()
    {
        var table = await NewTable();
        string[] keys = [.. Characters, "a.", "a-", "aa", "aB", "0000001", "x0000000001"];
        await Parallel.ForEachAsync(keys.Index(), async (key, _) => await table.PutAsync(new Row($"p{key.Index % 2}", key.Item), None));
        await Parallel.ForEachAsync(["p", "P0", "p-0", "p.0", "p:0"], async (p, _) => await table.PutAsync(new Row(p, "k"), None));

        var all = await table.ListAsync(RowRange.All, 7, null, None).ToListAsync();
        var one = await table.ListAsync(RowRange.Of("p1"), 7, null, None).ToListAsync();

        Assert.Equal(keys.Length + 5, all.Count);
        Assert.Equal(
            all.OrderBy(row => row.Partition, StringComparer.Ordinal).ThenBy(row => row.Key, StringComparer.Ordinal).Select(Place),
            all.Select(Place)
        );
        Assert.Equal(all.Where(row => row.Partition == "p1").Select(Place), one.Select(Place));
        foreach (var row in all)
            Assert.NotNull(await table.FindAsync(row.Partition, row.Key, [], None));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(1000)]
    public async Task A_range_has_what_lies_in_it_and_nothing_else_whatever_the_page(int pageRows)
    {
        var table = await NewTable();
        foreach (var partition in new[] { "a", "b", "b.1", "b.2", "b-", "c" })
        foreach (var key in new[] { "1", "2", "3", "5" })
            await table.PutAsync(new Row(partition, key), None);

        Assert.Equal(["b 1", "b 2", "b 3", "b 5"], await Places(RowRange.Of("b")));
        Assert.Equal(["b 2", "b 3"], await Places(RowRange.Keys("b", "2", "4")));
        Assert.Equal(["b 2", "b 3"], await Places(RowRange.Keys("b", "2", "5")));
        Assert.Empty(await Places(RowRange.Keys("b", "3", "3")));
        Assert.Empty(await Places(RowRange.Keys("b", "5", "2")));
        Assert.Equal(["b 3", "b 5"], await Places(RowRange.After("b", "2")));
        Assert.Equal(["b 5"], await Places(RowRange.After("b", "4")));
        Assert.Equal(["b 2", "b 3"], await Places(RowRange.After("b", "1", "5")));
        Assert.Empty(await Places(RowRange.After("b", "5")));
        Assert.Empty(await Places(RowRange.Of("bb")));
        Assert.Equal(
            ["b.1 1", "b.1 2", "b.1 3", "b.1 5", "b.2 1", "b.2 2", "b.2 3", "b.2 5"],
            await Places(RowRange.Partitions("b.", "b0"))
        );
        Assert.Equal(24, (await Places(RowRange.All)).Length);

        async Task<string[]> Places(RowRange range) =>
            [.. (await table.ListAsync(range, pageRows, null, None).ToListAsync()).Select(Place)];
    }

    [Fact(Timeout = 120_000)]
    public async Task Partitions_tell_how_many_rows_they_have()
    {
        var table = await NewTable();
        foreach (var (partition, count) in (IEnumerable<(string, int)>)[("b", 3), ("b:1", 1100), ("b:12", 1), ("b:a_2f", 2), ("c", 1)])
        foreach (var keys in Enumerable.Range(0, count).Chunk(100))
            Assert.True(
                await table.TryChangeAsync([.. keys.Select(i => new RowChange(RowChangeKind.Put, new Row(partition, $"{i:D4}")))], None)
            );

        Assert.Equal([("b:1", 1100), ("b:12", 1), ("b:a_2f", 2)], await table.CountAsync("b:", "b:~", None).ToListAsync());
        Assert.Equal([("b", 3), ("b:1", 1100)], await table.CountAsync("b", "b:12", None).ToListAsync());
        Assert.Empty(await table.CountAsync("b:2", "b:3", None).ToListAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_listing_may_stop_anywhere_and_rows_may_be_written_while_it_runs()
    {
        var table = await NewTable();
        for (var i = 0; i < 10; i++)
            await table.PutAsync(new Row("p", $"{i}"), None);

        Assert.Equal(3, await table.ListAsync(RowRange.Of("p"), 2, null, None).Take(3).CountAsync());

        var seen = new List<string>();
        await foreach (var row in table.ListAsync(RowRange.Of("p"), 2, null, None))
        {
            seen.Add(row.Key);
            await table.DeleteAsync("p", row.Key, None);
            await table.PutAsync(new Row("p", "-before"), None);
        }

        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), seen);
        Assert.Equal(["p -before"], (await table.ListAsync(RowRange.All, 5, null, None).ToListAsync()).Select(Place));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_page_of_long_rows_has_them_all()
    {
        var table = await NewTable();
        // Twelve rows of 0.9 MiB: more than any store answers at once.
        for (var i = 0; i < 12; i++)
        {
            var row = new Row("p", $"{i:D2}");
            for (var value = 0; value < 15; value++)
                row[$"V{value}"] = new string((char)('a' + value), 31_000);
            await table.PutAsync(row, None);
        }

        var lengths = new List<int>();
        await foreach (var row in table.ListAsync(RowRange.Of("p"), 1000, null, None))
            lengths.Add(row.Values.Values.Sum(value => ((string)value).Length));

        Assert.Equal(Enumerable.Repeat(15 * 31_000, 12), lengths);
    }

    [Fact(Timeout = 120_000)]
    public async Task Removing_a_range_removes_what_lies_in_it_and_nothing_else()
    {
        var table = await NewTable();
        await Fill("b.1", 230);
        await Fill("b.12", 30);
        foreach (var partition in new[] { "b", "b-", "b0", "c" })
            await table.PutAsync(new Row(partition, "k"), None);

        await table.DeleteRangeAsync(RowRange.Keys("b.12", "0010", "0020"), None);
        Assert.Equal(20, await table.ListAsync(RowRange.Of("b.12"), 100, [], None).CountAsync());
        await table.DeleteRangeAsync(RowRange.Partitions("b.", "b0"), None);
        await table.DeleteRangeAsync(RowRange.Of("none"), None);

        Assert.Equal(["b k", "b- k", "b0 k", "c k"], (await table.ListAsync(RowRange.All, 100, [], None).ToListAsync()).Select(Place));
        await table.DeleteRangeAsync(RowRange.All, None);
        Assert.Empty(await table.ListAsync(RowRange.All, 100, [], None).ToListAsync());

        async Task Fill(string partition, int count)
        {
            foreach (var keys in Enumerable.Range(0, count).Chunk(100))
                Assert.True(
                    await table.TryChangeAsync([.. keys.Select(i => new RowChange(RowChangeKind.Put, new Row(partition, $"{i:D4}")))], None)
                );
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Two_that_remove_the_same_range_both_get_to_the_end()
    {
        var table = await NewTable();
        foreach (var keys in Enumerable.Range(0, 300).Chunk(100))
            await table.TryChangeAsync([.. keys.Select(i => new RowChange(RowChangeKind.Put, new Row("p", $"{i:D4}")))], None);

        await Task.WhenAll(table.DeleteRangeAsync(RowRange.Of("p"), None), table.DeleteRangeAsync(RowRange.Of("p"), None));

        Assert.Empty(await table.ListAsync(RowRange.All, 100, [], None).ToListAsync());
    }

    static string Place(Row row) => $"{row.Partition} {row.Key}";
}
