using System.Threading.Channels;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace TgVault.Functions.Tests.Durable;

/// <summary>One orchestration: its history, and the loop that replays it whenever something new has happened.</summary>
sealed class MemoryInstance(MemoryHub hub, string name, string id, Func<TaskOrchestrationContext, Task<object?>> orchestrator)
{
    readonly Channel<HistoryEvent> _inbox = Channel.CreateUnbounded<HistoryEvent>();
    readonly List<HistoryEvent> _history = [];
    readonly TaskCompletionSource<object?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => name;

    public string Id => id;

    public DateTime Created { get; } = hub.Now;

    /// <summary>Only whole once the instance has ended.</summary>
    public IReadOnlyList<HistoryEvent> History => _history;

    /// <summary>The statuses it showed, one per change.</summary>
    public List<string> Statuses { get; } = [];

    /// <summary>The orchestrator's result or failure.</summary>
    public Task<object?> Ended => _ended.Task;

    public OrchestrationRuntimeStatus RuntimeStatus =>
        !Ended.IsCompleted ? OrchestrationRuntimeStatus.Running
        : Ended.IsCompletedSuccessfully ? OrchestrationRuntimeStatus.Completed
        : OrchestrationRuntimeStatus.Failed;

    /// <summary>Whoever calls this counts the event as work, see <see cref="MemoryHub"/>.</summary>
    public void Deliver(HistoryEvent happened) => _inbox.Writer.TryWrite(happened);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!Ended.IsCompleted)
        {
            await _inbox.Reader.WaitToReadAsync(cancellationToken);
            var taken = 0;
            _history.Add(new EpisodeStarted(hub.Now));
            for (; _inbox.Reader.TryRead(out var happened); taken++)
            {
                if (happened is not EpisodeStarted)
                    _history.Add(happened);
            }

            RunEpisode();
            hub.Finish(taken);
        }

        hub.Drop(this);
    }

    /// <summary>Throws away what came after the end, as a real hub does; gives how much that was.</summary>
    public int Drain()
    {
        var dropped = 0;
        while (_inbox.Reader.TryRead(out _))
            dropped++;
        return dropped;
    }

    void RunEpisode()
    {
        var context = new ReplayContext(name, id, [.. _history]);
        try
        {
            var run = context.Run(orchestrator);
            _history.AddRange(context.New);
            if (context.Status is { } status && Statuses.LastOrDefault() != status)
                Statuses.Add(status);
            hub.Forget(this, context.CancelledTimers);
            if (run.IsCompletedSuccessfully)
                _ended.SetResult(run.Result);
            else if (run.IsCompleted)
                _ended.SetException(run.Exception!.InnerExceptions);
            else
                foreach (var asked in context.New)
                    hub.Begin(this, asked, context.CancelledTimers);
        }
        catch (NonDeterminismException exception)
        {
            _ended.SetException(exception);
        }
    }
}
