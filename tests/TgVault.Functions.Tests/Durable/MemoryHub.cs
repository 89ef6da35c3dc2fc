using System.Collections.Concurrent;
using System.Text.Json;
using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using TgVault.Functions.Ingest;

namespace TgVault.Functions.Tests.Durable;

/// <summary>
/// A task hub in memory: orchestrators are replayed from history, activities are the app's functions, and time jumps to the next timer
/// whenever nothing else is left to do, so that an hour's wait costs nothing.
/// </summary>
sealed class MemoryHub(FunctionCalls functions, JumpingTime time) : DurableTaskClient("memory")
{
    readonly ConcurrentDictionary<string, MemoryInstance> _instances = new(StringComparer.Ordinal);
    readonly ConcurrentQueue<Task> _loops = new();
    readonly List<(DateTime FireAt, MemoryInstance Instance, int Id)> _timers = [];
    readonly SemaphoreSlim _places = new(8);
    readonly CancellationTokenSource _stopping = new();
    readonly Lock _lock = new();
    int _work;
    int _underWay;
    TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>Runs before each activity; what it throws is what stopped the activity.</summary>
    public Func<string, string, Task>? BeforeActivity { get; set; }

    /// <summary>Whether every activity is delivered twice at the same time, as after a lease that ran out.</summary>
    public bool DeliversTwice { get; set; }

    /// <summary>Timers due later than this never fire.</summary>
    public DateTime LastMoment { get; set; } = DateTime.MaxValue;

    public ConcurrentQueue<string> Activities { get; } = new();

    public int MostUnderWay { get; private set; }

    public IReadOnlyCollection<MemoryInstance> Instances => [.. _instances.Values];

    public MemoryInstance this[string id] => _instances[id];

    /// <summary>Completes when nothing runs and no timer is left that may fire.</summary>
    public Task IdleAsync()
    {
        lock (_lock)
            return _work == 0 ? Task.CompletedTask : _idle.Task;
    }

    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName,
        object? input = null,
        StartOrchestrationOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        var id = options?.InstanceId ?? Guid.NewGuid().ToString("N");
        var instance = new MemoryInstance(
            this,
            orchestratorName,
            id,
            FunctionCalls.FindOrchestrator(orchestratorName, JsonSerializer.Serialize(input))
        );
        lock (_lock)
        {
            // As measured: an id is taken while its instance runs, and free again after that.
            if (_instances.TryGetValue(id, out var earlier) && !earlier.Ended.IsCompleted)
                throw new OrchestrationAlreadyExistsException($"{id} runs already.");
            _instances[id] = instance;
        }

        Deliver(instance, new EpisodeStarted(Now));
        _loops.Enqueue(Task.Run(() => instance.RunAsync(_stopping.Token), _stopping.Token));
        return Task.FromResult(id);
    }

    public override Task RaiseEventAsync(
        string instanceId,
        string eventName,
        object? eventPayload = null,
        CancellationToken cancellation = default
    )
    {
        Deliver(_instances[instanceId], new EventRaised(eventName, JsonSerializer.Serialize(eventPayload)));
        return Task.CompletedTask;
    }

    public override Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId,
        bool getInputsAndOutputs = false,
        CancellationToken cancellation = default
    ) =>
        Task.FromResult(
            _instances.TryGetValue(instanceId, out var instance)
                ? new OrchestrationMetadata(instance.Name, instance.Id) { RuntimeStatus = instance.RuntimeStatus }
                : null
        );

    public override Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter,
        PurgeInstanceOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        var over = Instances
            .Where(instance => instance.Created <= filter.CreatedTo && filter.Statuses!.Contains(instance.RuntimeStatus))
            .ToList();
        foreach (var instance in over)
            _instances.TryRemove(instance.Id, out _);
        return Task.FromResult(new PurgeResult(over.Count));
    }

    public override Task<PurgeResult> PurgeAllInstancesAsync(PurgeInstancesFilter filter, CancellationToken cancellation) =>
        PurgeAllInstancesAsync(filter, null, cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId,
        bool getInputsAndOutputs = false,
        CancellationToken cancellation = default
    ) => throw new NotSupportedException();

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId,
        bool getInputsAndOutputs = false,
        CancellationToken cancellation = default
    ) => throw new NotSupportedException();

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) =>
        throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_loops).ContinueWith(_ => { }, TaskScheduler.Default);
        _stopping.Dispose();
        _places.Dispose();
    }

    /// <summary>Starts what an orchestrator asked for.</summary>
    internal void Begin(MemoryInstance instance, ScheduledEvent asked, HashSet<int> cancelled)
    {
        if (asked is TimerCreated timer)
        {
            lock (_lock)
            {
                if (!cancelled.Contains(timer.Id))
                    _timers.Add((timer.FireAt, instance, timer.Id));
            }
        }
        else if (asked is ActivityScheduled activity)
        {
            lock (_lock)
                _work++;
            _loops.Enqueue(Task.Run(() => RunAsync(instance, activity), _stopping.Token));
        }
    }

    internal void Forget(MemoryInstance instance, HashSet<int> cancelled)
    {
        lock (_lock)
            _timers.RemoveAll(timer => timer.Instance == instance && (cancelled.Contains(timer.Id) || instance.Ended.IsCompleted));
    }

    /// <summary>What tests call an activity: a step by its own name, others by their function's.</summary>
    static string NameOf(ActivityScheduled activity) =>
        activity.Name == nameof(StepFunctions.RunStep)
            ? JsonSerializer.Deserialize<StepCall>(activity.Input)!.Step.ToString()
            : activity.Name;

    /// <summary>So much work is over; with none left, time moves on.</summary>
    internal void Finish(int work)
    {
        lock (_lock)
        {
            _work -= work;
            if (_work > 0)
                return;
            var due = _timers
                .Where(timer => timer.FireAt <= LastMoment && !timer.Instance.Ended.IsCompleted)
                .OrderBy(timer => timer.FireAt)
                .ToList();
            if (due.Count == 0)
            {
                _idle.TrySetResult();
                return;
            }

            _timers.Remove(due[0]);
            time.JumpTo(due[0].FireAt);
            Deliver(due[0].Instance, new TimerFired(due[0].Id));
        }
    }

    /// <summary>Under the lock that delivering takes: nothing can come to an ended instance after this.</summary>
    internal void Drop(MemoryInstance instance)
    {
        lock (_lock)
            Finish(instance.Drain());
    }

    void Deliver(MemoryInstance instance, HistoryEvent happened)
    {
        lock (_lock)
        {
            if (instance.Ended.IsCompleted)
                return;
            _work++;
            if (_idle.Task.IsCompleted)
                _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            instance.Deliver(happened);
        }
    }

    async Task RunAsync(MemoryInstance instance, ActivityScheduled activity)
    {
        HistoryEvent ended;
        await _places.WaitAsync(_stopping.Token);
        try
        {
            lock (_lock)
                MostUnderWay = Math.Max(MostUnderWay, ++_underWay);
            Activities.Enqueue(NameOf(activity));
            if (BeforeActivity is { } before)
                await before(NameOf(activity), activity.Input);
            var second = DeliversTwice ? functions.RunActivityAsync(activity.Name, activity.Input, this, _stopping.Token) : null;
            ended = new ActivityCompleted(
                activity.Id,
                await functions.RunActivityAsync(activity.Name, activity.Input, this, _stopping.Token)
            );
            if (second is not null)
                await second;
        }
        catch (Exception exception)
        {
            ended = new ActivityFailed(activity.Id, exception);
        }
        finally
        {
            lock (_lock)
                _underWay--;
            _places.Release();
        }

        Deliver(instance, ended);
        Finish(1);
    }
}
