using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TgVault.Core.Rows;
using TgVault.Core.Rows.Sqlite;
using TgVault.Core.Tests.Engine;
using TgVault.Testing;

namespace TgVault.Core.Tests.Rows.Sqlite;

public sealed class NightlyCopiesTests : IDisposable
{
    static CancellationToken None => CancellationToken.None;

    readonly SqliteFolder _folder = new();
    readonly Signal _changes = new();
    readonly WatchedTime _time;

    public NightlyCopiesTests() => _time = new WatchedTime(_changes);

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task A_copy_is_made_each_night_and_seven_are_kept()
    {
        var store = _folder.Open(_time);
        await store.Table("things").CreateAsync(None);
        using var copies = new NightlyCopies(store, _time, NullLogger<NightlyCopies>.Instance);
        await copies.StartAsync(None);
        await _changes.UntilAsync(() => _time.WaitsOf(NightlyCopies.AfterStart) == 1);
        Assert.Empty(Copies());

        // The clock stands at midnight: the night that was last is the one before.
        await PassAsync(NightlyCopies.AfterStart);
        Assert.Equal(["vault-20291231.db"], Copies());
        while (_time.GetUtcNow().Hour < 2)
            await PassAsync(NightlyCopies.Look);
        Assert.Equal(["vault-20291231.db"], Copies());
        await PassAsync(TimeSpan.FromHours(1));
        Assert.Equal(["vault-20291231.db", "vault-20300101.db"], Copies());

        await store.Table("things").PutAsync(new Row("p", "k"), None);
        for (var day = 2; day <= 8; day++)
            await PassAsync(TimeSpan.FromDays(1));
        Assert.Equal(Enumerable.Range(2, 7).Select(day => $"vault-2030010{day}.db"), Copies());
        await copies.StopAsync(None);

        using var other = new SqliteFolder();
        await VaultCopies.RestoreAsync(Path.Combine(_folder.Path, "copies", "vault-20300108.db"), other.Path, _time, None);
        Assert.NotNull(await other.Open().Table("things").FindAsync("p", "k", null, None));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_night_that_was_missed_is_made_up_for_once_and_other_files_stay()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "copies"));
        foreach (var name in new[] { "before-restore-20290101-000000.db", "mine.db", "vault-20291225.db" })
            await File.WriteAllTextAsync(Path.Combine(_folder.Path, "copies", name), name);
        using var copies = new NightlyCopies(_folder.Open(_time), _time, NullLogger<NightlyCopies>.Instance);
        await copies.StartAsync(None);
        await _changes.UntilAsync(() => _time.WaitsOf(NightlyCopies.AfterStart) == 1);

        await PassAsync(NightlyCopies.AfterStart);
        var made = File.GetLastWriteTimeUtc(Path.Combine(_folder.Path, "copies", "vault-20291231.db"));
        await PassAsync(NightlyCopies.Look);
        await copies.StopAsync(None);

        Assert.Equal(["before-restore-20290101-000000.db", "mine.db", "vault-20291225.db", "vault-20291231.db"], Copies());
        Assert.Equal(made, File.GetLastWriteTimeUtc(Path.Combine(_folder.Path, "copies", "vault-20291231.db")));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_copy_that_fails_is_told_pushes_none_out_and_is_tried_again_in_an_hour()
    {
        var store = _folder.Open(_time);
        var log = new Lines(_changes);
        // A file where the folder should be.
        var folder = Path.Combine(_folder.Path, "copies");
        await File.WriteAllTextAsync(folder, "");
        using var copies = new NightlyCopies(store, _time, log);
        await copies.StartAsync(None);
        await _changes.UntilAsync(() => _time.WaitsOf(NightlyCopies.AfterStart) == 1);

        await PassAsync(NightlyCopies.AfterStart);
        Assert.Contains("Nothing can be written in", Assert.Single(log.Errors), StringComparison.Ordinal);
        File.Delete(folder);
        await PassAsync(NightlyCopies.Look);
        Assert.False(Directory.Exists(folder));
        await PassAsync(TimeSpan.FromHours(1));
        await copies.StopAsync(None);

        Assert.Equal(["vault-20291231.db"], Copies());
        Assert.Single(log.Errors);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_an_end_that_was_not_clean_every_page_is_looked_at_and_damage_told(bool isDamaged)
    {
        using var killed = new SqliteFolder();
        using (var store = _folder.Open(_time))
        {
            var table = store.Table("things");
            await table.CreateAsync(None);
            for (var i = 0; i < 100; i++)
                await table.PutAsync(new Row("p", $"{i}") { ["T"] = new string('t', 3000) }, None);
        }

        using (var store = _folder.Open(_time))
        {
            await store.Table("things").PutAsync(new Row("p", "last"), None);
            foreach (var end in new[] { "", "-wal" })
                File.Copy(_folder.Database + end, killed.Database + end);
        }

        if (isDamaged)
        {
            var bytes = await File.ReadAllBytesAsync(killed.Database);
            bytes.AsSpan(20 * 4096, 4096).Fill(0x5a);
            await File.WriteAllBytesAsync(killed.Database, bytes);
        }

        var log = new Lines(_changes);
        using var copies = new NightlyCopies(killed.Open(_time), _time, log);
        await copies.StartAsync(None);
        await _changes.UntilAsync(() => _time.WaitsOf(NightlyCopies.AfterStart) == 1);
        await PassAsync(NightlyCopies.AfterStart);
        await copies.StopAsync(None);

        // Both the look at all pages and the copy come upon it.
        Assert.Equal(isDamaged ? 2 : 0, log.Errors.Count);
        Assert.All(log.Errors, error => Assert.Contains("is damaged", error, StringComparison.Ordinal));
        Assert.Equal(!isDamaged, File.Exists(Path.Combine(killed.Path, "copies", "vault-20291231.db")));
    }

    [Fact(Timeout = 120_000)]
    public async Task It_ends_at_once_when_the_vault_does()
    {
        using var copies = new NightlyCopies(_folder.Open(_time), _time, NullLogger<NightlyCopies>.Instance);
        await copies.StartAsync(None);
        await _changes.UntilAsync(() => _time.WaitsOf(NightlyCopies.AfterStart) == 1);

        await copies.StopAsync(None);

        Assert.Empty(Copies());
    }

    /// <summary>Lets time pass, and what is done then be done.</summary>
    async Task PassAsync(TimeSpan time)
    {
        var looks = _time.WaitsOf(NightlyCopies.Look);
        _time.Advance(time);
        await _changes.UntilAsync(() => _time.WaitsOf(NightlyCopies.Look) > looks);
    }

    string[] Copies()
    {
        var folder = Path.Combine(_folder.Path, "copies");
        return Directory.Exists(folder) ? [.. Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).Order()] : [];
    }

    sealed class Lines(Signal changes) : ILogger<NightlyCopies>
    {
        readonly List<string> _errors = [];

        public IReadOnlyList<string> Errors
        {
            get
            {
                lock (_errors)
                    return [.. _errors];
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            lock (_errors)
            {
                if (logLevel == LogLevel.Error)
                    _errors.Add($"{exception?.Message}");
            }

            changes.Raise();
        }
    }
}
