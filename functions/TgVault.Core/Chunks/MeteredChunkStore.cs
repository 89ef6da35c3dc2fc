using System.Diagnostics;
using TgVault.Core.Telemetry;

namespace TgVault.Core.Chunks;

/// <summary>Measures a store, each call as a span of its own. Below retrying, so that every attempt counts.</summary>
sealed class MeteredChunkStore(IChunkStore inner) : IChunkStore
{
    static readonly KeyValuePair<string, object?> Sent = new(VaultTags.Direction, "sent");
    static readonly KeyValuePair<string, object?> Received = new(VaultTags.Direction, "received");

    static bool IsListenedTo => VaultMeter.StoreDuration.Enabled || VaultMeter.StoreBytes.Enabled || VaultTrace.Source.HasListeners();

    /// <inheritdoc/>
    public Task<ChunkReceipt> PutAsync(ChunkDocument document, CancellationToken cancellationToken) =>
        IsListenedTo ? MeasurePutAsync(document, cancellationToken) : inner.PutAsync(document, cancellationToken);

    /// <inheritdoc/>
    public Task ReadAsync(ChunkReceipt receipt, long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
        IsListenedTo
            ? MeasureReadAsync(receipt, offset, destination, cancellationToken)
            : inner.ReadAsync(receipt, offset, destination, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(ChunkReceipt receipt, CancellationToken cancellationToken) =>
        IsListenedTo ? MeasureDeleteAsync(receipt, cancellationToken) : inner.DeleteAsync(receipt, cancellationToken);

    // Apart, because a method that has a lambda allocates for it at its beginning.
    Task<ChunkReceipt> MeasurePutAsync(ChunkDocument document, CancellationToken cancellationToken) =>
        MeasureAsync("put", Sent, document.Content.Length, () => inner.PutAsync(document, cancellationToken));

    Task<bool> MeasureReadAsync(ChunkReceipt receipt, long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
        MeasureAsync(
            "read",
            Received,
            destination.Length,
            async () =>
            {
                await inner.ReadAsync(receipt, offset, destination, cancellationToken);
                return true;
            }
        );

    Task<bool> MeasureDeleteAsync(ChunkReceipt receipt, CancellationToken cancellationToken) =>
        MeasureAsync("delete", Sent, 0, () => inner.DeleteAsync(receipt, cancellationToken));

    static async Task<T> MeasureAsync<T>(string operation, KeyValuePair<string, object?> direction, long bytes, Func<Task<T>> call)
    {
        var activity = VaultTrace.Source.StartActivity($"store {operation}", ActivityKind.Client);
        activity?.SetTag(VaultTags.Operation, operation).SetTag(VaultTags.Bytes, bytes);
        var began = Stopwatch.GetTimestamp();
        var outcome = "ok";
        try
        {
            var result = await call();
            if (bytes > 0)
                VaultMeter.StoreBytes.Add(bytes, direction);
            return result;
        }
        catch (Exception failure)
        {
            outcome = VaultTags.OutcomeOf(failure);
            throw;
        }
        finally
        {
            VaultMeter.StoreDuration.Record(
                Stopwatch.GetElapsedTime(began).TotalSeconds,
                new KeyValuePair<string, object?>(VaultTags.Operation, operation),
                new KeyValuePair<string, object?>(VaultTags.Outcome, outcome)
            );
            activity.End(outcome, isError: outcome is not ("ok" or "wait" or "cancelled"));
        }
    }
}
