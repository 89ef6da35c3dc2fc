using TgVault.Core.Rows;
using TgVault.Core.Rows.Sqlite;

namespace TgVault.Core.Tests.Rows.Sqlite;

/// <summary>That no statement's cost grows with the table: each goes by the index, and none sorts or reads all rows.</summary>
public sealed class SqliteRowsSqlTests : IDisposable
{
    readonly SqliteFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = 60_000)]
    [InlineData(VaultTables.Chunks)]
    [InlineData(VaultTables.Videos)]
    public async Task Every_statement_goes_by_the_index(string table)
    {
        var store = _folder.Open();
        await store.Table(table).CreateAsync(CancellationToken.None);
        var sql = new SqliteRowsSql(table);
        SqliteRange[] ranges =
        [
            .. new[]
            {
                RowRange.All,
                RowRange.Of("p"),
                RowRange.Keys("p", "a", "b"),
                RowRange.After("p", "a"),
                RowRange.Partitions("p", "q"),
            }.Select(SqliteRange.Of),
        ];
        string[] statements =
        [
            sql.Find,
            sql.Replace,
            sql.Delete,
            sql.DeleteVersion,
            .. ranges.Select(range => sql.List(range, withData: true)),
            .. ranges.Select(range => sql.List(range, withData: false)),
            .. ranges.Select(sql.DeleteRange),
        ];

        foreach (var statement in statements)
        {
            var plan = await store.ReadAsync(session => Plan(session, statement), CancellationToken.None);
            Assert.Contains("SEARCH rows_", plan, StringComparison.Ordinal);
            Assert.True(!plan.Contains("SCAN", StringComparison.Ordinal), $"{statement}: {plan}");
            Assert.DoesNotContain("TEMP B-TREE FOR ORDER", plan, StringComparison.Ordinal);
        }
    }

    static string Plan(SqliteSession session, string sql)
    {
        using var reader = session["EXPLAIN QUERY PLAN " + sql].Read([.. Enumerable.Range(0, 6).Select(object (_) => 1)]);
        var steps = new List<string>();
        while (reader.Read())
            steps.Add(reader.GetString(3));
        return string.Join('\n', steps);
    }
}
