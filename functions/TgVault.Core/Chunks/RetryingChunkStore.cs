using TgVault.Core.Telemetry;

namespace TgVault.Core.Chunks;

/// <summary>
/// Asks again after transient failures: so many attempts, half a second doubling to 15 s between them with jitter, or the time that the
/// store named. A wait longer than is waited in place is left to the caller, who can wait without holding anything.
/// </summary>
sealed class RetryingChunkStore(IChunkStore inner, int attempts, TimeSpan longestWait, TimeProvider time, Func<double> jitter) : IChunkStore
{
    static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan LargestDelay = TimeSpan.FromSeconds(15);

    /// <summary>The store that is asked, with one attempt a call.</summary>
    public IChunkStore Once => inner;

    /// <inheritdoc/>
    public Task<ChunkReceipt> PutAsync(ChunkDocument document, CancellationToken cancellationToken)
    {
        var attempt = 0;
        return RetryAsync(
            // An attempt whose answer was lost may have posted: no other document may have its name.
            () => inner.PutAsync(attempt++ == 0 ? document : document with { Name = DocumentName.Random() }, cancellationToken),
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public Task ReadAsync(ChunkReceipt receipt, long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
        RetryAsync(
            async () =>
            {
                await inner.ReadAsync(receipt, offset, destination, cancellationToken);
                return true;
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(ChunkReceipt receipt, CancellationToken cancellationToken) =>
        RetryAsync(() => inner.DeleteAsync(receipt, cancellationToken), cancellationToken);

    /// <summary>Asks for something else as it asks its store.</summary>
    public async Task<T> RetryAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan delay;
            try
            {
                return await call();
            }
            catch (ChunkStoreException failure) when (failure.Failure == ChunkStoreFailure.Transient && attempt < attempts)
            {
                if (failure.RetryAfter > longestWait)
                    throw;
                delay = failure.RetryAfter ?? Backoff(attempt);
                VaultWaits.Record(failure.RetryAfter is null ? WaitReason.Retry : WaitReason.Flood, delay);
            }

            await Task.Delay(delay, time, cancellationToken);
        }
    }

    // Between half and all of the delay, so that calls that failed together do not come back together.
    TimeSpan Backoff(int attempt)
    {
        var delay = FirstDelay * Math.Pow(2, Math.Min(attempt - 1, 10));
        return (delay < LargestDelay ? delay : LargestDelay) * (0.5 + (jitter() / 2));
    }
}

/// <summary>Forwards with the patience of a store.</summary>
sealed class RetryingForwarding(IDocumentForwarding inner, RetryingChunkStore store) : IDocumentForwarding
{
    public Task<ChunkReceipt> ForwardAsync(ChunkReceipt source, CancellationToken cancellationToken) =>
        store.RetryAsync(() => inner.ForwardAsync(source, cancellationToken), cancellationToken);
}
