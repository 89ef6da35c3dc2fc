namespace TgVault.Testing;

/// <summary>What tests wait with: who changes something raises it, and who waits looks again then.</summary>
public sealed class Signal
{
    TaskCompletionSource _raised = New();

    public void Raise() => Interlocked.Exchange(ref _raised, New()).TrySetResult();

    public async Task UntilAsync(Func<bool> condition)
    {
        while (true)
        {
            // Taken before looking: what is raised in between is not missed.
            var raised = Volatile.Read(ref _raised).Task;
            if (condition())
                return;
            await raised;
        }
    }

    static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
