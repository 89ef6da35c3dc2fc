using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace TgVault.Core.Rows.Sqlite;

/// <summary>
/// The one writer of a database: a thread with a connection of its own. It takes all changes that wait and commits them together, so that
/// many callers share one fsync; each gets its answer after the commit.
/// </summary>
/// <remarks>
/// In WAL mode with synchronous FULL, SQLite syncs the log in every commit (with NORMAL only at checkpoints), and at a checkpoint the
/// database file before the log is used anew (sqlite.org/pragma.html#pragma_synchronous, sqlite.org/wal.html). So what was answered
/// outlives the process and the power.
/// </remarks>
sealed class SqliteWriter : IDisposable
{
    /// <summary>So many changes at most go into one transaction: it also bounds what is done again when one of them fails.</summary>
    const int MostTogether = 256;

    readonly SqliteSession _session;
    readonly SqliteVersions _versions;
    readonly Func<Exception, Exception> _explain;
    readonly BlockingCollection<Change> _waiting = [];
    readonly Thread _thread;
    bool _isClosed;

    /// <param name="session">Only this writer uses it, and disposes of it at the end.</param>
    /// <param name="versions">What numbers the changes.</param>
    /// <param name="explain">Makes what callers get of what SQLite threw.</param>
    public SqliteWriter(SqliteSession session, SqliteVersions versions, Func<Exception, Exception> explain)
    {
        _session = session;
        _versions = versions;
        _explain = explain;
        _thread = new Thread(Work) { IsBackground = true, Name = "Rows" };
        _thread.Start();
    }

    /// <summary>
    /// Makes a change and returns what it answers, after it is durable. It runs on the writer's thread, within a transaction; where it
    /// throws, nothing of it stays. It may be run twice, the first time for nothing.
    /// </summary>
    /// <exception cref="StorageException">It could not be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; it may be made all the same, but then wholly.</exception>
    public Task<T> WriteAsync<T>(Func<SqliteSession, SqliteVersions, T> change, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var waiting = new Change<T>(change, cancellationToken);
        try
        {
            _waiting.Add(waiting, cancellationToken);
        }
        catch (InvalidOperationException)
        {
            throw new ObjectDisposedException("The vault's rows are closed: it is ending.", (Exception?)null);
        }

        return waiting.Answer.WaitAsync(cancellationToken);
    }

    /// <summary>Makes the changes that wait, and closes the connection.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isClosed, true))
            return;
        _waiting.CompleteAdding();
        _thread.Join();
        _waiting.Dispose();
    }

    void Work()
    {
        var together = new List<Change>();
        foreach (var first in _waiting.GetConsumingEnumerable())
        {
            together.Add(first);
            while (together.Count < MostTogether && _waiting.TryTake(out var next))
                together.Add(next);
            together.RemoveAll(change => change.IsCancelled());
            Commit(together);
            together.Clear();
        }

        _versions.Close(_session);
        _session.Dispose();
    }

    void Commit(List<Change> changes)
    {
        if (changes.Count == 0)
            return;
        try
        {
            _session["BEGIN IMMEDIATE"].Execute();
            foreach (var change in changes)
                change.Run(_session, _versions);
            _versions.Keep(_session);
            _session["COMMIT"].Execute();
            _versions.Kept();
        }
        catch (Exception exception)
        {
            RollBack();
            // One that cannot be made is not to fail the others: each alone, and each gets its own answer.
            if (changes.Count == 1)
                changes[0].Fail(_explain(exception));
            else
                foreach (var change in changes)
                    Commit([change]);
            return;
        }

        foreach (var change in changes)
            change.Complete();
    }

    void RollBack()
    {
        try
        {
            if (!_session.IsOutsideTransaction)
                _session["ROLLBACK"].Execute();
        }
        catch (SqliteException)
        {
            // The next BEGIN tells what is wrong, to whom it concerns.
        }
    }

    abstract class Change
    {
        public abstract bool IsCancelled();

        public abstract void Run(SqliteSession session, SqliteVersions versions);

        public abstract void Complete();

        public abstract void Fail(Exception exception);
    }

    sealed class Change<T>(Func<SqliteSession, SqliteVersions, T> change, CancellationToken cancellationToken) : Change
    {
        // Callers go on elsewhere: this thread has others to serve.
        readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        T? _result;

        public Task<T> Answer => _answer.Task;

        public override bool IsCancelled() => cancellationToken.IsCancellationRequested && _answer.TrySetCanceled(cancellationToken);

        public override void Run(SqliteSession session, SqliteVersions versions) => _result = change(session, versions);

        public override void Complete() => _answer.TrySetResult(_result!);

        public override void Fail(Exception exception) => _answer.TrySetException(exception);
    }
}
