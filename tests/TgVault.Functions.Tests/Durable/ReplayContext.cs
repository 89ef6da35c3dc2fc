using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace TgVault.Functions.Tests.Durable;

/// <summary>The orchestrator did not do what it did before, or awaited what is not the context's.</summary>
sealed class NonDeterminismException(string message) : Exception(message);

/// <summary>
/// One run of an orchestrator from its start: what history knows is given back in the order in which it happened, what history does not
/// know yet is collected in <see cref="New"/>. Asking for anything else than the last time is an error.
/// </summary>
sealed class ReplayContext : TaskOrchestrationContext
{
    readonly IReadOnlyList<HistoryEvent> _history;
    readonly List<ScheduledEvent> _known;
    readonly OrchestratorThread _thread = new();
    readonly Dictionary<int, TaskCompletionSource<string>> _open = [];
    readonly Dictionary<string, Queue<TaskCompletionSource<string>>> _waiting = [];
    readonly Dictionary<string, Queue<string>> _raised = [];
    readonly int _newest;
    int _asked;
    int _position;
    DateTime _now;
    bool _over;

    public ReplayContext(TaskName name, string instanceId, IReadOnlyList<HistoryEvent> history)
    {
        (Name, InstanceId, _history) = (name, instanceId, history);
        _known = [.. history.OfType<ScheduledEvent>()];
        _newest = history.Select((happened, index) => happened is EpisodeStarted ? index : 0).Max();
    }

    public override TaskName Name { get; }

    public override string InstanceId { get; }

    public override ParentOrchestrationInstance? Parent => null;

    public override DateTime CurrentUtcDateTime => _now;

    public override bool IsReplaying => _position < _newest;

    protected override ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;

    /// <summary>What was asked for beyond history.</summary>
    public List<ScheduledEvent> New { get; } = [];

    public HashSet<int> CancelledTimers { get; } = [];

    public string? Status { get; private set; }

    public bool IsWaitingForEvent => _waiting.Values.Any(waiting => waiting.Count > 0);

    /// <summary>Runs the orchestrator through history. The task is completed, or waits for what is open.</summary>
    /// <exception cref="NonDeterminismException">It does not follow its history.</exception>
    public Task<object?> Run(Func<TaskOrchestrationContext, Task<object?>> orchestrator)
    {
        Task<object?>? run = null;
        for (; _position < _history.Count; _position++)
        {
            var happened = _history[_position];
            _thread.Run(() =>
            {
                Apply(happened);
                if (happened is EpisodeStarted)
                    run ??= orchestrator(this);
            });
        }

        _over = true;
        if (_asked < _known.Count)
            throw new NonDeterminismException($"{InstanceId} asked {_asked} things where it asked {_known.Count} before.");
        if (_thread.Intruded)
            throw new NonDeterminismException($"{InstanceId} went on from something that is not the context's.");
        if (!run!.IsCompleted && _open.Count == 0 && !IsWaitingForEvent)
            throw new NonDeterminismException($"{InstanceId} awaits something that is not the context's.");
        return run;
    }

    public override T? GetInput<T>()
        where T : default => throw new NotSupportedException("The input is the orchestrator's second parameter.");

    public override async Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        var policy = options?.Retry?.Policy;
        var wait = policy?.FirstRetryInterval ?? default;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return JsonSerializer.Deserialize<TResult>(
                    await Ask(id => new ActivityScheduled(id, name, JsonSerializer.Serialize(input)))
                )!;
            }
            catch (TaskFailedException) when (attempt < (policy?.MaxNumberOfAttempts ?? 1))
            {
                await CreateTimer(_now + wait, CancellationToken.None);
                wait = TimeSpan.FromTicks(Math.Min((long)(wait.Ticks * policy!.BackoffCoefficient), policy.MaxRetryInterval.Ticks));
            }
        }
    }

    public override async Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        var id = _asked;
        var timer = Ask(next => new TimerCreated(next, fireAt, _now));
        using var cancelling = cancellationToken.Register(() =>
        {
            if (_open.Remove(id, out var open) && CancelledTimers.Add(id))
                open.SetCanceled(cancellationToken);
        });
        await timer;
    }

    public override async Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        CheckThread();
        if (_raised.TryGetValue(eventName, out var raised) && raised.TryDequeue(out var payload))
            return JsonSerializer.Deserialize<T>(payload)!;
        var waiter = new TaskCompletionSource<string>();
        if (!_waiting.TryGetValue(eventName, out var waiting))
            _waiting[eventName] = waiting = new();
        waiting.Enqueue(waiter);
        return JsonSerializer.Deserialize<T>(await waiter.Task)!;
    }

    public override void SetCustomStatus(object? customStatus)
    {
        CheckThread();
        Status = JsonSerializer.Serialize(customStatus);
    }

    public override void SendEvent(string instanceId, string eventName, object payload) => throw new NotSupportedException();

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(
        TaskName orchestratorName,
        object? input = null,
        TaskOptions? options = null
    ) => throw new NotSupportedException();

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) => throw new NotSupportedException();

    public override Guid NewGuid() => throw new NotSupportedException();

    Task<string> Ask(Func<int, ScheduledEvent> describe)
    {
        CheckThread();
        var id = _asked++;
        var asked = describe(id);
        if (id >= _known.Count)
            New.Add(asked);
        else if (!asked.Equals(_known[id]))
            throw new NonDeterminismException($"{InstanceId} asked for {asked} where it asked for {_known[id]} before.");
        var open = new TaskCompletionSource<string>();
        _open.Add(id, open);
        return open.Task;
    }

    void Apply(HistoryEvent happened)
    {
        switch (happened)
        {
            case EpisodeStarted episode:
                _now = episode.Time;
                break;
            case ActivityCompleted completed:
                Close(completed.Id).SetResult(completed.Result);
                break;
            case ActivityFailed failed:
                var name = ((ActivityScheduled)_known[failed.Id]).Name;
                Close(failed.Id).SetException(new TaskFailedException(name, failed.Id, failed.Exception));
                break;
            case TimerFired fired when !CancelledTimers.Contains(fired.Id):
                Close(fired.Id).SetResult("");
                break;
            case EventRaised raised when _waiting.TryGetValue(raised.Name, out var waiting) && waiting.TryDequeue(out var waiter):
                waiter.SetResult(raised.Payload);
                break;
            case EventRaised raised:
                if (!_raised.TryGetValue(raised.Name, out var kept))
                    _raised[raised.Name] = kept = new();
                kept.Enqueue(raised.Payload);
                break;
        }
    }

    TaskCompletionSource<string> Close(int id) =>
        _open.Remove(id, out var open)
            ? open
            : throw new NonDeterminismException($"{InstanceId} has not asked for number {id}, which it asked for before.");

    void CheckThread()
    {
        if (_over || !_thread.IsCurrent)
            throw new NonDeterminismException($"{InstanceId} called its context from elsewhere than the orchestrator's thread.");
    }
}
