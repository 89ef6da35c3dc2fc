using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TgVault.Core.Files;

namespace TgVault.Core.Rows.Sqlite;

/// <summary>
/// Copies the database each night, and keeps the last seven. A night that was missed is made up for soon after the start. After an end that
/// was not clean it first looks at every page.
/// </summary>
/// <remarks>
/// The copy is made of a database that was read through, and is read through itself, before an older one goes: so damage is told within a
/// day, and good copies are not pushed out by bad ones.
/// </remarks>
sealed class NightlyCopies(SqliteRowStore store, TimeProvider time, ILogger<NightlyCopies> log) : BackgroundService
{
    /// <summary>When it looks whether a copy is due: often, since machines sleep and clocks are set.</summary>
    internal static readonly TimeSpan Look = TimeSpan.FromMinutes(15);

    /// <summary>The start itself is not to share the disk with it.</summary>
    internal static readonly TimeSpan AfterStart = TimeSpan.FromMinutes(1);

    const int Kept = 7;
    const int HourOfNight = 3;
    const string Pattern = "vault-????????.db";

    static readonly TimeSpan AfterFailure = TimeSpan.FromHours(1);

    DateTimeOffset _notBefore = DateTimeOffset.MinValue;

    string Folder => Path.Combine(store.Folder, VaultCopies.FolderName);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(AfterStart, time, stoppingToken);
        if (!store.EndedCleanly)
            await TryAsync(CheckAsync, stoppingToken);
        while (true)
        {
            await TryAsync(MakeDueAsync, stoppingToken);
            await Task.Delay(Look, time, stoppingToken);
        }
    }

    /// <summary>Makes the copy of the night that was last, where it is missing.</summary>
    async Task MakeDueAsync(CancellationToken cancellationToken)
    {
        var night = time.GetLocalNow().AddHours(-HourOfNight);
        var file = Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"vault-{night:yyyyMMdd}.db"));
        if (File.Exists(file) || time.GetUtcNow() < _notBefore)
            return;
        var began = time.GetTimestamp();
        _notBefore = time.GetUtcNow() + AfterFailure;
        DurableFolder.Create(Folder);
        await VaultCopies.BackupAsync(store.Folder, file, cancellationToken);
        foreach (var old in Directory.GetFiles(Folder, Pattern).OrderDescending(StringComparer.Ordinal).Skip(Kept))
            File.Delete(old);
        log.RowsCopied(Path.GetFileName(file), new FileInfo(file).Length, time.GetElapsedTime(began).TotalMilliseconds);
    }

    Task CheckAsync(CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                using var session = SqliteFile.OpenToRead(store.File);
                using var stop = cancellationToken.Register(session.Interrupt);
                if (SqliteFile.FindDamage(session, isThorough: false) is { } found)
                    throw SqliteFailures.Damaged(store.Folder, found);
            },
            cancellationToken
        );

    async Task TryAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work(cancellationToken);
        }
        catch (Exception exception) when (exception is StorageException or IOException or UnauthorizedAccessException or SqliteException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            log.RowsNotCopied(SqliteFailures.Explain(store.Folder, exception));
        }
    }
}
