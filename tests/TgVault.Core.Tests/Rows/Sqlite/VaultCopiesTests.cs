using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Rows;
using TgVault.Core.Rows.Sqlite;

namespace TgVault.Core.Tests.Rows.Sqlite;

public sealed class VaultCopiesTests : IDisposable
{
    static CancellationToken None => CancellationToken.None;

    readonly SqliteFolder _folder = new();
    readonly string _elsewhere = Directory.CreateTempSubdirectory("tgvault-copies-").FullName;
    readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));

    string Copy => Path.Combine(_elsewhere, "copy.db");

    public void Dispose()
    {
        _folder.Dispose();
        Directory.Delete(_elsewhere, recursive: true);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_copy_of_a_running_vault_put_back_elsewhere_has_the_same_rows_and_versions()
    {
        var store = _folder.Open();
        var rows = await Fill(store, 900);

        await VaultCopies.BackupAsync(_folder.Path, Copy, None);
        await store.Table("things").DeleteRangeAsync(RowRange.All, None);
        using var other = new SqliteFolder();
        Assert.Null(await VaultCopies.RestoreAsync(Copy, other.Path, _time, None));

        Assert.Equal([Copy], Directory.GetFiles(_elsewhere));
        Assert.Equal(rows, await All(other.Open()));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_put_back_takes_the_place_of_what_is_there_which_is_kept()
    {
        List<string> before;
        List<string> after;
        using (var store = _folder.Open())
        {
            before = await Fill(store, 10);
            await VaultCopies.BackupAsync(_folder.Path, Copy, None);
            await store.Table("things").PutAsync(new Row("p", "later"), None);
            after = await All(store);
        }

        var aside = await VaultCopies.RestoreAsync(Copy, _folder.Path, _time, None);

        Assert.Equal(Path.Combine(_folder.Path, "copies", "before-restore-20300102-030405.db"), aside);
        using (var store = _folder.Open())
            Assert.Equal(before, await All(store));
        await VaultCopies.RestoreAsync(aside!, _folder.Path, _time, None);
        using (var store = _folder.Open())
            Assert.Equal(after, await All(store));
    }

    [Fact(Timeout = 60_000)]
    public async Task The_log_of_a_killed_process_does_not_get_into_what_is_put_back()
    {
        using var killed = new SqliteFolder();
        List<string> before;
        List<string> atEnd;
        using (var store = _folder.Open())
        {
            before = await Fill(store, 10);
            await VaultCopies.BackupAsync(_folder.Path, Copy, None);
            await store.Table("things").DeleteRangeAsync(RowRange.All, None);
            await store.Table("things").PutAsync(new Row("p", "later"), None);
            atEnd = await All(store);
            foreach (var end in new[] { "", "-wal" })
                File.Copy(_folder.Database + end, killed.Database + end);
        }

        var aside = (await VaultCopies.RestoreAsync(Copy, killed.Path, _time, None))!;

        Assert.False(File.Exists(killed.Database + "-wal"));
        using (var store = killed.Open())
            Assert.Equal(before, await All(store));
        using var third = new SqliteFolder();
        await VaultCopies.RestoreAsync(aside, third.Path, _time, None);
        using (var store = third.Open())
            Assert.Equal(atEnd, await All(store));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_damaged_database_is_replaced_and_kept_as_it_is()
    {
        List<string> rows;
        using (var store = _folder.Open())
        {
            rows = await Fill(store, 10);
            await VaultCopies.BackupAsync(_folder.Path, Copy, None);
        }

        await File.WriteAllTextAsync(_folder.Database, "no database");

        var aside = (await VaultCopies.RestoreAsync(Copy, _folder.Path, _time, None))!;

        Assert.Equal("no database", await File.ReadAllTextAsync(aside));
        Assert.Equal(rows, await All(_folder.Open()));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_file_that_is_no_whole_copy_changes_nothing()
    {
        List<string> rows;
        using (var store = _folder.Open())
        {
            rows = await Fill(store, 900);
            await VaultCopies.BackupAsync(_folder.Path, Copy, None);
        }

        var good = await File.ReadAllBytesAsync(Copy);
        await Refused(good[..^4096], "is no whole copy");
        await Refused([.. good[..(20 * 4096)], .. new byte[4096], .. good[(21 * 4096)..]], "is no whole copy");
        await Refused("a text"u8.ToArray(), "is no whole copy");
        await Refused([], "is no database of a vault");
        await WriteDatabase("PRAGMA user_version = 99");
        await Refused(null, "newer TgVault");
        await WriteDatabase("PRAGMA application_id = 1");
        await Refused(null, "is no database of a vault");
        File.Delete(Copy);
        await Refused(null, "There is no file");

        Assert.Equal(["vault.db", "vault.lock"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order());
        Assert.Equal(rows, await All(_folder.Open()));

        async Task Refused(byte[]? bytes, string said)
        {
            if (bytes is not null)
                await File.WriteAllBytesAsync(Copy, bytes);
            var refused = await Assert.ThrowsAsync<StorageException>(() => VaultCopies.RestoreAsync(Copy, _folder.Path, _time, None));
            Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        }

        async Task WriteDatabase(string sql)
        {
            await File.WriteAllBytesAsync(Copy, good);
            await using var connection = new SqliteConnection($"Data Source={Copy};Pooling=False");
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own text.
            command.CommandText = sql;
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync();
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_vault_that_runs_is_not_replaced()
    {
        var store = _folder.Open();
        var rows = await Fill(store, 3);
        await VaultCopies.BackupAsync(_folder.Path, Copy, None);

        var refused = await Assert.ThrowsAsync<StorageException>(() => VaultCopies.RestoreAsync(Copy, _folder.Path, _time, None));

        Assert.Contains("is in use", refused.Message, StringComparison.Ordinal);
        Assert.Equal(rows, await All(store));
    }

    [Fact(Timeout = 60_000)]
    public async Task No_file_is_overwritten_and_nothing_half_is_left()
    {
        await Refused("There is no vault in");
        await Fill(_folder.Open(), 3);
        await File.WriteAllTextAsync(Copy, "mine");
        await Refused("exists: name a file that does not");
        Assert.Equal("mine", await File.ReadAllTextAsync(Copy));
        File.Delete(Copy);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => VaultCopies.BackupAsync(_folder.Path, Copy, cancelled.Token));

        Assert.Empty(Directory.GetFileSystemEntries(_elsewhere));
        var missing = Path.Combine(_elsewhere, "missing", "copy.db");
        var refused = await Assert.ThrowsAsync<StorageException>(() => VaultCopies.BackupAsync(_folder.Path, missing, None));
        Assert.Contains("There is no folder", refused.Message, StringComparison.Ordinal);

        async Task Refused(string said)
        {
            var refused = await Assert.ThrowsAsync<StorageException>(() => VaultCopies.BackupAsync(_folder.Path, Copy, None));
            Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_damaged_database_is_not_copied()
    {
        using (var store = _folder.Open())
            await Fill(store, 900);
        var bytes = await File.ReadAllBytesAsync(_folder.Database);
        bytes.AsSpan(20 * 4096, 40 * 4096).Fill(0x5a);
        await File.WriteAllBytesAsync(_folder.Database, bytes);

        var refused = await Assert.ThrowsAsync<StorageException>(() => VaultCopies.BackupAsync(_folder.Path, Copy, None));

        Assert.Contains("is damaged", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_elsewhere));
    }

    static async Task<List<string>> Fill(SqliteRowStore store, int rows)
    {
        var table = store.Table("things");
        await table.CreateAsync(None);
        await Task.WhenAll(
            Enumerable.Range(0, rows).Select(i => table.PutAsync(new Row("p", $"{i:D4}") { ["T"] = new string('t', 300) }, None))
        );
        return await All(store);
    }

    static async Task<List<string>> All(SqliteRowStore store) =>
        await store
            .Table("things")
            .ListAsync(RowRange.All, 1000, null, None)
            .Select(row => $"{row.Key} {row.Version} {RowContract.Describe(row)}")
            .ToListAsync();
}
