using Microsoft.DurableTask.Client;

namespace TgVault.Functions.Ingest;

/// <summary>
/// The durable client of the invocation under way. The host hands one to functions that ask for it, not to the container. The scheduler,
/// which TgVault.Web gets from the container, finds it here.
/// </summary>
public sealed class BoundClient
{
    readonly AsyncLocal<DurableTaskClient?> _current = new();

    internal DurableTaskClient Current =>
        _current.Value ?? throw new InvalidOperationException("bug: a function that schedules binds no durable client");

    internal async Task<T> UseAsync<T>(DurableTaskClient client, Func<Task<T>> call)
    {
        // Set inside this asynchronous method, so it is gone again when the method ends.
        _current.Value = client;
        return await call();
    }
}
