using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TgVault.Core.Crypto;

namespace TgVault.Core.Chunks;

/// <summary>
/// Reads parts of sealed chunks for players, and has them opened: from the chunk store, and from a copy elsewhere where the store does not
/// have them, does not answer, or gives what does not open. Where nothing is kept elsewhere it is the store alone.
/// </summary>
/// <param name="store">Tries again where that may help.</param>
/// <param name="once">The same store with one attempt a call: asked where a copy can stand in.</param>
/// <param name="copies">Where else the chunks are.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Told when copies stand in.</param>
sealed class ChunkReading(IChunkStore store, IChunkStore once, IChunkCopies copies, TimeProvider time, ILogger<ChunkReading> log)
{
    /// <summary>How long the store may take to give a span that a copy has, too.</summary>
    internal static readonly TimeSpan StorePatience = TimeSpan.FromSeconds(5);

    /// <summary>How long copies are read first after the store failed: a channel that is gone is not asked at every span.</summary>
    internal static readonly TimeSpan CopiesFirst = TimeSpan.FromSeconds(30);

    long _storeFailed;

    /// <summary>The store alone, with no copies elsewhere.</summary>
    public static ChunkReading Of(IChunkStore store) =>
        new(store, store, new NoCopies(), TimeProvider.System, NullLogger<ChunkReading>.Instance);

    /// <summary>
    /// Fills the buffer from <paramref name="offset"/> of the sealed chunk and has it opened. <paramref name="open"/> may be called again,
    /// after the buffer was filled anew.
    /// </summary>
    /// <param name="chunk">Which chunk.</param>
    /// <param name="receipt">Where the store has it.</param>
    /// <param name="offset">Of the sealed chunk.</param>
    /// <param name="buffer">Filled as far as it goes.</param>
    /// <param name="open">Opens what was read; throws <see cref="IntegrityException"/> where it does not open.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="ChunkStoreException">The store failed, and no copy could be read.</exception>
    /// <exception cref="IntegrityException">What the store has does not open, nor does a copy.</exception>
    public async Task ReadAsync(
        ChunkIdentity chunk,
        ChunkReceipt receipt,
        long offset,
        Memory<byte> buffer,
        Action open,
        CancellationToken cancellationToken
    )
    {
        if (copies.Places == 0 || await FindCopyAsync(chunk, receipt, cancellationToken) is not { } first)
        {
            await ReadStoreAsync(store, receipt, offset, buffer, open, cancellationToken);
            return;
        }

        if (IsStoreInDoubt && await TryReadCopiesAsync(first, chunk, receipt, offset, buffer, open, cancellationToken))
            return;
        var failure = await TryReadStoreAsync(receipt, offset, buffer, open, cancellationToken);
        if (failure is null)
            return;
        if (!IsStoreInDoubt)
            log.CopiesStandIn(chunk.Video, chunk.Number, failure.Message);
        Volatile.Write(ref _storeFailed, time.GetTimestamp());
        if (await TryReadCopiesAsync(first, chunk, receipt, offset, buffer, open, cancellationToken))
            return;
        if (failure is not ChunkStoreException { Failure: ChunkStoreFailure.Transient })
            throw failure;
        await ReadStoreAsync(store, receipt, offset, buffer, open, cancellationToken);
    }

    bool IsStoreInDoubt => Volatile.Read(ref _storeFailed) is not 0 and var failed && time.GetElapsedTime(failed) < CopiesFirst;

    /// <summary>The failure by which the store did not give it; null where it did.</summary>
    async Task<VaultException?> TryReadStoreAsync(
        ChunkReceipt receipt,
        long offset,
        Memory<byte> buffer,
        Action open,
        CancellationToken cancellationToken
    )
    {
        using var patience = new CancellationTokenSource(StorePatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            await ReadStoreAsync(once, receipt, offset, buffer, open, either.Token);
            return null;
        }
        catch (VaultException failure) when (failure is ChunkStoreException or IntegrityException)
        {
            return failure;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ChunkStoreException(ChunkStoreFailure.Transient, "Telegram does not answer.");
        }
    }

    static async Task ReadStoreAsync(
        IChunkStore from,
        ChunkReceipt receipt,
        long offset,
        Memory<byte> buffer,
        Action open,
        CancellationToken cancellationToken
    )
    {
        await from.ReadAsync(receipt, offset, buffer, cancellationToken);
        open();
    }

    async Task<int?> FindCopyAsync(ChunkIdentity chunk, ChunkReceipt receipt, CancellationToken cancellationToken)
    {
        for (var place = 0; place < copies.Places; place++)
        {
            if (await copies.HasAsync(place, chunk, receipt.SealedLengthBytes, cancellationToken))
                return place;
        }

        return null;
    }

    async Task<bool> TryReadCopiesAsync(
        int first,
        ChunkIdentity chunk,
        ChunkReceipt receipt,
        long offset,
        Memory<byte> buffer,
        Action open,
        CancellationToken cancellationToken
    )
    {
        for (var place = first; place < copies.Places; place++)
        {
            if (!await copies.HasAsync(place, chunk, receipt.SealedLengthBytes, cancellationToken))
                continue;
            if (!await copies.TryReadAsync(place, chunk, offset, buffer, cancellationToken))
                continue;
            try
            {
                open();
                return true;
            }
            catch (IntegrityException damage)
            {
                log.CopyDidNotOpen(chunk.Video, chunk.Number, damage.Message);
            }
        }

        return false;
    }
}

/// <summary>Nothing is kept elsewhere.</summary>
sealed class NoCopies : IChunkCopies, ICopyReceipts
{
    public Task<ILookup<ChunkNumber, ChunkReceipt>> FindAsync(VideoId video, int attempt, CancellationToken cancellationToken) =>
        Task.FromResult(Enumerable.Empty<ChunkReceipt>().ToLookup(_ => default(ChunkNumber)));

    public int Places => 0;

    public Task<bool> HasAsync(int place, ChunkIdentity chunk, int sealedBytes, CancellationToken cancellationToken) =>
        Task.FromResult(false);

    public Task<bool> TryReadAsync(
        int place,
        ChunkIdentity chunk,
        long offset,
        Memory<byte> destination,
        CancellationToken cancellationToken
    ) => Task.FromResult(false);
}
