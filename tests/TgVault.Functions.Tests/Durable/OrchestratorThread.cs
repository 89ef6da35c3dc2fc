namespace TgVault.Functions.Tests.Durable;

/// <summary>Where an orchestrator runs: one thread, on which everything it awaits goes on.
/// A continuation from elsewhere is kept and told.</summary>
sealed class OrchestratorThread : SynchronizationContext
{
    readonly Queue<(SendOrPostCallback Callback, object? State)> _posted = new();
    readonly int _thread = Environment.CurrentManagedThreadId;

    /// <summary>Whether something that is not the context's went on from another thread.</summary>
    public bool Intruded { get; private set; }

    public bool IsCurrent => Current == this && Environment.CurrentManagedThreadId == _thread;

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_posted)
        {
            if (Environment.CurrentManagedThreadId != _thread)
                Intruded = true;
            _posted.Enqueue((d, state));
        }
    }

    /// <summary>Runs <paramref name="work"/> and all that it sets going.</summary>
    public void Run(Action work)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            work();
            while (TryTake(out var next))
                next.Callback(next.State);
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    bool TryTake(out (SendOrPostCallback Callback, object? State) next)
    {
        lock (_posted)
            return _posted.TryDequeue(out next);
    }
}
