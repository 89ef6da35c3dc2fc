using TgVault.Core.Rows;

namespace TgVault.Core.Tests.Rows;

public abstract partial class RowContract
{
    [Theory(Timeout = 60_000)]
    [InlineData("", "k")]
    [InlineData("p", "")]
    [InlineData("p", "a/b")]
    [InlineData("p", "a\\b")]
    [InlineData("p#", "k")]
    [InlineData("p?", "k")]
    [InlineData("p%", "k")]
    [InlineData("p p", "k")]
    [InlineData("p", "\u007f")]
    [InlineData("p", "\t")]
    [InlineData("é", "k")]
    [InlineData("p", "👍")]
    public async Task A_key_that_not_every_store_can_keep_is_refused(string partition, string key)
    {
        var table = await NewTable();
        var row = new Row(partition, key);

        await Assert.ThrowsAsync<ArgumentException>(() => table.TryInsertAsync(row, None));
        await Assert.ThrowsAsync<ArgumentException>(() => table.TryReplaceAsync(row, "1", None));
        await Assert.ThrowsAsync<ArgumentException>(() => table.PutAsync(row, None));
        await Assert.ThrowsAsync<ArgumentException>(() => table.FindAsync(partition, key, null, None));
        await Assert.ThrowsAsync<ArgumentException>(() => table.DeleteAsync(partition, key, None));
        await Assert.ThrowsAsync<ArgumentException>(() => table.TryDeleteAsync(partition, key, "1", None));
        await Assert.ThrowsAsync<ArgumentException>(() => table.TryChangeAsync([new RowChange(RowChangeKind.Put, row)], None));
        await Assert.ThrowsAsync<ArgumentException>(() => table.TryChangeAsync([new RowChange(RowChangeKind.Delete, row)], None));
    }

    [Fact(Timeout = 60_000)]
    public async Task The_longest_keys_values_and_rows_are_kept_and_longer_ones_refused()
    {
        var table = await NewTable();
        var longest = new string('k', 512);

        await Kept(new Row(longest, longest));
        await Kept(new Row("p", "text") { ["V"] = new string('é', 32 << 10) });
        await Kept(new Row("p", "bytes") { ["V"] = new byte[64 << 10] });
        await Kept(Large(15));
        await Kept(Many(252));

        await Refused<ArgumentException>(new Row(longest + "k", "k"));
        await Refused<ArgumentException>(new Row("p", longest + "k"));
        await Refused<VaultException>(new Row("p", "k") { ["V"] = new string('e', (32 << 10) + 1) });
        await Refused<VaultException>(new Row("p", "k") { ["V"] = new byte[(64 << 10) + 1] });
        await Refused<VaultException>(Large(16));
        await Refused<ArgumentException>(Many(253));
        await Refused<ArgumentException>(new Row("p", "k") { ["V"] = new DateTimeOffset(1600, 12, 31, 0, 0, 0, TimeSpan.Zero) });
        foreach (var name in new[] { "", "a b", "1a", "a.b", "Timestamp", "é", new string('n', 256) })
            await Refused<ArgumentException>(new Row("p", "k") { [name] = 1 });
        Assert.Equal(5, await table.ListAsync(RowRange.All, 100, [], None).CountAsync());

        async Task Kept(Row row)
        {
            await table.PutAsync(row, None);
            Assert.Equal(Describe(row), Describe((await table.FindAsync(row.Partition, row.Key, null, None))!));
        }

        async Task Refused<T>(Row row)
            where T : Exception
        {
            await Assert.ThrowsAsync<T>(() => table.PutAsync(row, None));
            await Assert.ThrowsAsync<T>(() => table.TryInsertAsync(row, None));
            await Assert.ThrowsAsync<T>(() => table.TryReplaceAsync(row, "1", None));
            await Assert.ThrowsAsync<T>(() => table.TryChangeAsync([new RowChange(RowChangeKind.Put, row)], None));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Large_rows_go_one_by_one_and_not_together()
    {
        var table = await NewTable();

        await Assert.ThrowsAsync<VaultException>(() =>
            table.TryChangeAsync(
                [
                    new RowChange(RowChangeKind.Put, new Row("p", "a") { ["V"] = new byte[60_000] }),
                    new RowChange(RowChangeKind.Put, Large(15)),
                ],
                None
            )
        );
        Assert.True(await table.TryChangeAsync([new RowChange(RowChangeKind.Put, Large(15))], None));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task A_page_that_no_store_answers_is_refused(int pageRows)
    {
        var table = await NewTable();

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () =>
            await table.ListAsync(RowRange.All, pageRows, null, None).ToListAsync()
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("ab")]
    [InlineData("Upper")]
    [InlineData("with1")]
    [InlineData("a\"; DROP TABLE x")]
    public void A_name_that_no_table_has_is_refused(string name) => Assert.Throws<ArgumentException>(() => NewStore().Table(name));

    /// <summary>A row of so many texts of 64 KiB.</summary>
    static Row Large(int values)
    {
        var row = new Row("p", "large");
        for (var i = 0; i < values; i++)
            row[$"V{i}"] = new string('v', 32 << 10);
        return row;
    }

    static Row Many(int values)
    {
        var row = new Row("p", "many");
        for (var i = 0; i < values; i++)
            row[$"V{i}"] = i;
        return row;
    }
}
