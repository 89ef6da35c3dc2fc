using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Rows;
using TgVault.Core.Rows.Sqlite;

namespace TgVault.Core.Tests.Rows.Sqlite;

/// <summary>What only a database in a folder does: being opened, found damaged, full, taken.</summary>
public sealed class SqliteRowStoreTests : IDisposable
{
    static CancellationToken None => CancellationToken.None;

    readonly SqliteFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task What_was_written_is_there_when_it_is_opened_again()
    {
        string version;
        using (var store = _folder.Open())
            version = await (await Things(store)).PutAsync(new Row("p", "k") { ["A"] = "a" }, None);
        Assert.Equal([FolderLock.FileName, SqliteFile.Name], Files());

        using var again = _folder.Open();
        var row = (await again.Table("things").FindAsync("p", "k", null, None))!;

        Assert.True(again.EndedCleanly);
        Assert.Equal(("a", version), (row.Text("A"), row.Version));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_copy_of_the_files_at_any_moment_has_all_that_was_answered()
    {
        var store = _folder.Open();
        var table = await Things(store);
        using var copies = new SqliteFolder();
        for (var i = 0; i < 20; i++)
        {
            await table.PutAsync(new Row("p", $"{i:D2}"), None);
            // As the disk is after a process was killed: the log is there, what connections share is not.
            foreach (var end in new[] { "", "-wal" })
                File.Copy(_folder.Database + end, copies.Database + end, overwrite: true);
            using var killed = copies.Open();
            Assert.False(killed.EndedCleanly);
            Assert.Equal(i + 1, await killed.Table("things").ListAsync(RowRange.All, 100, [], None).CountAsync());
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task No_version_comes_twice_over_restarts_kills_and_a_clock_that_stands_still_or_goes_back()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var seen = new HashSet<string>();
        for (var round = 0; round < 5; round++)
        {
            using (var store = _folder.Open(time))
            {
                var table = await Things(store);
                for (var i = 0; i < 10; i++)
                {
                    Assert.True(seen.Add(await table.PutAsync(new Row("p", "k"), None)));
                    await table.DeleteAsync("p", "k", None);
                }

                foreach (var end in new[] { "", "-wal" })
                    File.Copy(_folder.Database + end, _folder.Database + ".killed" + end, overwrite: true);
            }

            if (round % 2 == 0)
                foreach (var end in new[] { "", "-wal" })
                    File.Move(_folder.Database + ".killed" + end, _folder.Database + end, overwrite: true);
            if (round == 2)
                time = new FakeTimeProvider(DateTimeOffset.UtcNow.AddDays(-30));
        }

        Assert.Equal(50, seen.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_copy_from_before_that_is_put_back_gives_no_version_that_was_given_since()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        using (var store = _folder.Open(time))
            await Things(store);
        File.Copy(_folder.Database, _folder.Database + ".copy");
        var seen = new List<string>();
        using (var store = _folder.Open(time))
            for (var i = 0; i < 100; i++)
                seen.Add(await store.Table("things").PutAsync(new Row("p", "k"), None));

        File.Move(_folder.Database + ".copy", _folder.Database, overwrite: true);
        time.Advance(TimeSpan.FromSeconds(1));
        using var back = _folder.Open(time);

        Assert.DoesNotContain(await back.Table("things").PutAsync(new Row("p", "k"), None), seen);
    }

    [Fact(Timeout = 60_000)]
    public async Task Rows_say_when_they_were_written()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2030, 1, 2, 3, 4, 5, 6, TimeSpan.Zero));
        var table = await Things(_folder.Open(time));
        await table.PutAsync(new Row("p", "k"), None);
        time.Advance(TimeSpan.FromHours(1));
        await table.PutAsync(new Row("p", "l"), None);

        var rows = await table.ListAsync(RowRange.All, 10, [], None).ToListAsync();

        Assert.Equal([time.GetUtcNow().AddHours(-1), time.GetUtcNow()], rows.Select(row => row.Modified));
    }

    [Fact(Timeout = 60_000)]
    public async Task Many_writers_share_commits_and_each_gets_its_own_answer()
    {
        var table = await Things(_folder.Open());

        var tried = await Task.WhenAll(
            Enumerable.Range(0, 2000).Select(i => Task.Run(() => table.TryInsertAsync(new Row("p", $"{i / 2}") { ["I"] = i }, None)))
        );

        Assert.All(tried.Chunk(2), pair => Assert.Single(pair, version => version is not null));
        Assert.Equal(1000, tried.OfType<string>().Distinct().Count());
        var stored = await table.ListAsync(RowRange.All, 1000, null, None).ToListAsync();
        Assert.All(stored, row => Assert.Equal(tried[row.Int32("I")!.Value], row.Version));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_change_that_throws_fails_alone_and_leaves_nothing()
    {
        var store = _folder.Open();
        var table = await Things(store);
        using var hold = new ManualResetEventSlim();
        var first = store.WriteAsync(
            (_, _) =>
            {
                hold.Wait();
                return true;
            },
            None
        );
        var good = Enumerable.Range(0, 10).Select(i => table.PutAsync(new Row("p", $"{i}"), None)).ToList();
        var bad = store.WriteAsync<bool>(
            (session, _) =>
            {
                session.Execute("INSERT INTO rows_things VALUES ('p', 'half', 1, 1, x'01')");
                throw new InvalidOperationException("as meant");
            },
            None
        );
        good.AddRange(Enumerable.Range(10, 10).Select(i => table.PutAsync(new Row("p", $"{i}"), None)));
        hold.Set();

        Assert.True(await first);
        await Task.WhenAll(good);
        Assert.Equal("as meant", (await Assert.ThrowsAsync<InvalidOperationException>(() => bad)).Message);
        Assert.Equal(20, await table.ListAsync(RowRange.All, 100, [], None).CountAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_caller_that_gives_up_is_let_go_at_once_and_nothing_is_half_written()
    {
        var store = _folder.Open();
        var table = await Things(store);
        using var hold = new ManualResetEventSlim();
        var first = store.WriteAsync(
            (_, _) =>
            {
                hold.Wait();
                return true;
            },
            None
        );
        using var cancelled = new CancellationTokenSource();
        var given = table.TryChangeAsync(
            [new RowChange(RowChangeKind.Put, new Row("p", "a")), new RowChange(RowChangeKind.Put, new Row("p", "b"))],
            cancelled.Token
        );

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        hold.Set();
        await first;
        await table.PutAsync(new Row("q", "later"), None);
        Assert.Equal(["later"], (await table.ListAsync(RowRange.All, 10, [], None).ToListAsync()).Select(row => row.Key));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_full_disk_is_told_and_writing_goes_on_when_there_is_room_again()
    {
        var store = _folder.Open();
        var table = await Things(store);
        await table.PutAsync(new Row("p", "before"), None);
        var pages = await store.WriteAsync((session, _) => (long)session.Scalar("PRAGMA page_count")!, None);
        await store.WriteAsync((session, _) => session.Scalar($"PRAGMA max_page_count = {pages + 1}"), None);

        var tried = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Try(new Row("p", $"{i}") { ["T"] = new string('t', 3000) })));

        var failures = tried.OfType<StorageException>().ToList();
        Assert.NotEmpty(failures);
        Assert.All(failures, failure => Assert.Contains("is full: free some space", failure.Message, StringComparison.Ordinal));
        Assert.All(failures, failure => Assert.Contains(_folder.Path, failure.Message, StringComparison.Ordinal));
        Assert.Equal(21 - failures.Count, await table.ListAsync(RowRange.All, 100, [], None).CountAsync());
        Assert.NotNull(await table.FindAsync("p", "before", null, None));

        await store.WriteAsync((session, _) => session.Scalar("PRAGMA max_page_count = 1000000"), None);
        Assert.Null(await Try(new Row("p", "after") { ["T"] = new string('t', 30_000) }));

        async Task<Exception?> Try(Row row) => await Record.ExceptionAsync(() => table.PutAsync(row, None));
    }

    [Fact]
    public void A_folder_that_another_process_uses_is_told_in_one_sentence()
    {
        using var first = _folder.Open();

        var refused = Assert.Throws<StorageException>(() => SqliteRowStore.Open(_folder.Path, TimeProvider.System));

        Assert.Equal($"The vault in {_folder.Path} is in use: end the other `./tgvault` that runs on it first.", refused.Message);
    }

    [Fact]
    public void A_folder_that_was_refused_or_closed_is_free_again()
    {
        File.WriteAllText(_folder.Database, "no database at all, but long enough to be looked at as one. " + new string('x', 5000));
        for (var i = 0; i < 2; i++)
            Assert.Contains(
                "is damaged",
                Assert.Throws<StorageException>(() => SqliteRowStore.Open(_folder.Path, TimeProvider.System)).Message,
                StringComparison.Ordinal
            );

        File.Delete(_folder.Database);
        _folder.Open().Dispose();
        _folder.Open().Dispose();
    }

    [Fact]
    public void A_database_of_a_newer_version_is_left_alone()
    {
        _folder.Open().Dispose();
        Alter("PRAGMA user_version = 2");
        var before = File.ReadAllBytes(_folder.Database);

        var refused = Assert.Throws<StorageException>(() => SqliteRowStore.Open(_folder.Path, TimeProvider.System));

        Assert.Contains("written by a newer TgVault", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_folder.Database));
    }

    [Fact]
    public void A_database_of_another_program_is_left_alone()
    {
        Alter("CREATE TABLE others (a)");
        var before = File.ReadAllBytes(_folder.Database);

        var refused = Assert.Throws<StorageException>(() => SqliteRowStore.Open(_folder.Path, TimeProvider.System));

        Assert.Contains("is no database of a vault", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_folder.Database));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(3000)]
    [InlineData(4096)]
    [InlineData(9000)]
    public async Task A_database_that_was_cut_is_told_as_damaged(int length)
    {
        using (var store = _folder.Open())
        {
            var table = await Things(store);
            for (var i = 0; i < 20; i++)
                await table.PutAsync(new Row("p", $"{i}") { ["T"] = new string('t', 3000) }, None);
        }

        using (var file = File.OpenWrite(_folder.Database))
            file.SetLength(length);

        AssertDamaged(Assert.Throws<StorageException>(() => SqliteRowStore.Open(_folder.Path, TimeProvider.System)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Damage_within_is_told_by_who_reads_it()
    {
        using (var store = _folder.Open())
        {
            var table = await Things(store);
            for (var i = 0; i < 200; i++)
                await table.PutAsync(new Row("p", $"{i}") { ["T"] = new string('t', 3000) }, None);
        }

        var bytes = File.ReadAllBytes(_folder.Database);
        bytes.AsSpan(6 * 4096).Fill(0x5a);
        File.WriteAllBytes(_folder.Database, bytes);
        using var damaged = _folder.Open();

        var failure = await Assert.ThrowsAsync<StorageException>(async () =>
            await damaged.Table("things").ListAsync(RowRange.All, 100, null, None).ToListAsync()
        );

        AssertDamaged(failure);
        Assert.NotNull(await damaged.ReadAsync(session => SqliteFile.FindDamage(session, isThorough: false), None));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_told()
    {
        if (!OperatingSystem.IsLinux())
            return;

        // Root may write anywhere but there.
        var refused = Assert.Throws<StorageException>(() => SqliteRowStore.Open("/proc/vault", TimeProvider.System));

        Assert.StartsWith("Nothing can be written in /proc/vault:", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(13, 13, "is full")]
    [InlineData(10, 10 | (19 << 8), "is full")]
    [InlineData(8, 8, "Nothing can be written in")]
    [InlineData(14, 14, "Nothing can be written in")]
    [InlineData(11, 11 | (1 << 8), "is damaged")]
    [InlineData(26, 26, "is damaged")]
    [InlineData(5, 5, "in use by another program")]
    [InlineData(10, 10 | (3 << 8), "does not read or write")]
    [InlineData(1, 1, "the log has more")]
    public void Each_error_of_the_database_says_what_to_do(int code, int extended, string said)
    {
        var explained = SqliteFailures.Explain("/srv/vault", new SqliteException("inner", code, extended));

        var failure = Assert.IsType<StorageException>(explained);
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        Assert.Contains("/srv/vault", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("inner", failure.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task After_the_end_calls_are_refused_and_what_waited_was_written()
    {
        var store = _folder.Open();
        var table = await Things(store);
        var waiting = Enumerable.Range(0, 50).Select(i => table.PutAsync(new Row("p", $"{i}"), None)).ToList();

        store.Dispose();

        await Task.WhenAll(waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => table.PutAsync(new Row("p", "k"), None));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => table.FindAsync("p", "k", null, None));
        using var again = _folder.Open();
        Assert.Equal(50, await again.Table("things").ListAsync(RowRange.All, 100, [], None).CountAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task Every_commit_is_synced()
    {
        var store = _folder.Open();

        // 2 is FULL; and the log, not the journal that is the default.
        Assert.Equal(2L, await store.WriteAsync((session, _) => session.Scalar("PRAGMA synchronous"), None));
        Assert.Equal("wal", await store.WriteAsync((session, _) => session.Scalar("PRAGMA journal_mode"), None));
    }

    static void AssertDamaged(StorageException failure)
    {
        Assert.Contains("is damaged", failure.Message, StringComparison.Ordinal);
        Assert.Contains("./tgvault restore", failure.Message, StringComparison.Ordinal);
    }

    static async Task<IRowTable> Things(SqliteRowStore store)
    {
        var table = store.Table("things");
        await table.CreateAsync(None);
        return table;
    }

    string[] Files() =>
        [.. Directory.GetFiles(_folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal).Reverse()];

    void Alter(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
