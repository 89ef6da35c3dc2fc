using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace TgVault.Core.Rows.Sqlite;

/// <summary>
/// Some connections that read, opened as they are needed. A read runs on its caller's thread: it takes microseconds, and a disk that must
/// be waited for is waited for by few.
/// </summary>
/// <param name="open">Makes a connection.</param>
/// <param name="explain">Makes what callers get of what SQLite threw.</param>
sealed class SqliteReaders(Func<SqliteSession> open, Func<Exception, Exception> explain) : IDisposable
{
    const int Most = 4;

    readonly ConcurrentBag<SqliteSession> _free = [];
    readonly SemaphoreSlim _turns = new(Most);
    bool _isClosed;

    /// <exception cref="StorageException">It could not be read.</exception>
    public async Task<T> ReadAsync<T>(Func<SqliteSession, T> read, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            if (!_free.TryTake(out var session))
                session = open();
            try
            {
                return read(session);
            }
            finally
            {
                _free.Add(session);
            }
        }
        catch (SqliteException exception)
        {
            throw explain(exception);
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <summary>Waits for the reads that run, and closes the connections.</summary>
    public void Dispose()
    {
        for (var i = 0; i < Most && !_isClosed; i++)
            _turns.Wait();
        if (_isClosed)
            return;
        _isClosed = true;
        while (_free.TryTake(out var session))
            session.Dispose();
        // Who still comes is told that it is closed.
        _turns.Release(Most);
    }
}
