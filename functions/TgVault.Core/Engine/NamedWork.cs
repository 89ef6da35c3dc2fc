using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace TgVault.Core.Engine;

/// <summary>What a piece of work is told from outside.</summary>
/// <param name="Hurry">Completes when somebody waits for the work to be over: it ends its waits early.</param>
/// <param name="Stopping">The vault stops; the rows know how far the work is.</param>
sealed record WorkSignals(Task Hurry, CancellationToken Stopping);

/// <summary>
/// Pieces of work by name, each at most once at a time. What one throws ends in the log, and the work is taken up again later.
/// </summary>
sealed class NamedWork(ILogger logger)
{
    readonly ConcurrentDictionary<string, Piece> _running = new(StringComparer.Ordinal);

    public bool IsRunning(string name) => _running.ContainsKey(name);

    /// <summary>Starts it unless it runs already.</summary>
    /// <param name="name">What it is known by.</param>
    /// <param name="label">What the log calls it.</param>
    /// <param name="work">The work.</param>
    /// <param name="version">What it works on, where that is more than the name says.</param>
    /// <param name="stopping">Stops it.</param>
    public void Start(string name, string label, Func<WorkSignals, Task> work, string? version, CancellationToken stopping)
    {
        if (IsRunning(name))
            return;
        var piece = new Piece(version);
        if (!_running.TryAdd(name, piece))
            return;
        logger.WorkBegins(label);
        _ = RunAsync(name, label, piece, work, stopping);
    }

    /// <summary>Tells it to hurry and waits until it is over; at once where it does not run.</summary>
    /// <param name="name">What it is known by.</param>
    /// <param name="version">One that works on another version is left alone; null ends it whichever that is.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task EndAsync(string name, string? version, CancellationToken cancellationToken)
    {
        if (!_running.TryGetValue(name, out var piece) || (version is not null && piece.Version != version))
            return;
        piece.Hurry.TrySetResult();
        await piece.Over.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Waits until all that runs is over.</summary>
    public Task WhenAllOver() => Task.WhenAll(_running.Values.Select(piece => piece.Over.Task));

    async Task RunAsync(string name, string label, Piece piece, Func<WorkSignals, Task> work, CancellationToken stopping)
    {
        // Off the caller's thread: the loop that starts work must not do it.
        await Task.Yield();
        try
        {
            await work(new WorkSignals(piece.Hurry.Task, stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopping: the rows know how far this is.
        }
#pragma warning disable CA1031 // Reported, and taken up again from the row.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            logger.RunBroke(label, exception);
        }
        finally
        {
            _running.TryRemove(name, out _);
            piece.Over.SetResult();
            logger.WorkIsOver(label);
        }
    }

    sealed class Piece(string? version)
    {
        public string? Version => version;

        public TaskCompletionSource Hurry { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Over { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
