using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Rows;

namespace TgVault.Core.Replicas.Channel;

/// <summary>
/// A replica in a channel of its own. Nothing can be found there by a name, so the rows say where each document lies, and the channel has
/// a catalogue of its own (FORMAT.md, "Replicas in a channel").
/// </summary>
sealed class ChannelReplica : IReplica, IDisposable
{
    // While much is copied, so that what is whole by then can be recovered.
    static readonly TimeSpan BetweenCatalogues = TimeSpan.FromMinutes(1);

    readonly ReceiptTable _receipts;
    readonly ILeftDocuments _left;
    readonly TimeProvider _time;
    long _published;

    public ChannelReplica(
        ChannelStore store,
        IRowTable table,
        ILeftDocuments left,
        IDiscardedDocuments discarded,
        KeyRing keys,
        TimeProvider time,
        ILogger<CatalogueLog> logger
    )
    {
        (Store, _left) = (store, left);
        _receipts = new ReceiptTable(table, store.Channel);
        _time = time;
        Catalogue = new ChannelCatalogue(store, _receipts, table, discarded, keys, time, logger);
        Place = PlaceOf(store.Channel);
    }

    public string Place { get; }

    public ReplicaKind Kind => ReplicaKind.Channel;

    public ChannelStore Store { get; }

    public ChannelCatalogue Catalogue { get; }

    public static string PlaceOf(long channel) => FormattableString.Invariant($"channel {channel}");

    /// <summary>A channel cannot be another one under the same id, and needs no mark.</summary>
    public Task<string?> ReadMarkerAsync(CancellationToken cancellationToken) =>
        Task.FromResult<string?>(FormattableString.Invariant($$"""{"version":1,"id":"channel{{Store.Channel}}","about":""}"""));

    public Task BeginAsync(string marker, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<bool> IsEmptyAsync(CancellationToken cancellationToken) => Task.FromResult(true);

    public async Task<long?> FindLengthAsync(string name, CancellationToken cancellationToken) =>
        (await FindReceiptAsync(name, cancellationToken))?.SealedLengthBytes;

    public Task<bool> TryReadAsync(string name, long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
        DoAsync(async () =>
        {
            if (await FindReceiptAsync(name, cancellationToken) is not { } receipt)
                return false;
            try
            {
                await Store.Documents.ReadAsync(receipt, offset, destination, cancellationToken);
                return true;
            }
            catch (ChunkStoreException failure) when (failure is { Failure: ChunkStoreFailure.Gone } or { IsOfDocument: true })
            {
                return false;
            }
        });

    public Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        DoAsync(async () =>
        {
            var receipt = await Store.Documents.PutAsync(new ChunkDocument(DocumentName.Random(), content), cancellationToken);
            await RememberAsync(name, receipt);
            return true;
        });

    public async Task<bool> TryTakeAsync(string name, ChunkReceipt source, CancellationToken cancellationToken)
    {
        if (Store.Forwarding is null || source.IsNowhere)
            return false;
        return await DoAsync(async () =>
        {
            ChunkReceipt receipt;
            try
            {
                receipt = await Store.Forwarding.ForwardAsync(source, cancellationToken);
            }
            catch (ChunkStoreException failure) when (failure.Failure != ChunkStoreFailure.Transient)
            {
                // It is not there, or may not be forwarded: who has its bytes can write them.
                return false;
            }

            await RememberAsync(name, receipt);
            return true;
        });
    }

    public async Task<ChunkReceipt?> FindReceiptAsync(string name, CancellationToken cancellationToken) =>
        name == ReplicaNames.Catalogue
            ? await DoAsync(() => Store.Pinboard.FindPinnedAsync(cancellationToken))
            : await _receipts.FindAsync(name, cancellationToken);

    public async Task<ImmutableDictionary<string, ChunkReceipt>> FindReceiptsAsync(string name, CancellationToken cancellationToken) =>
        (await _receipts.ListBelowAsync(name, cancellationToken).ToListAsync(cancellationToken)).ToImmutableDictionary(
            found => found.Name,
            found => found.Receipt
        );

    /// <summary>Has the channel's catalogue name the newest manifest of a video that is whole in it, a minute later at most.</summary>
    /// <exception cref="ReplicaException">The channel cannot be used now.</exception>
    public async Task NameAsync(VideoId video, CancellationToken cancellationToken)
    {
        if (await _receipts.FindAsync(ReplicaNames.Manifest(video), cancellationToken) is not { } manifest)
            return;
        await Catalogue.RecordAsync(video, manifest, cancellationToken);
        if (_time.GetElapsedTime(Volatile.Read(ref _published)) > BetweenCatalogues)
            await PublishAsync(cancellationToken);
    }

    /// <summary>Has it say that a video was removed, when it is published next; nothing where the channel did not have it.</summary>
    public async Task UnnameAsync(VideoId video, CancellationToken cancellationToken)
    {
        if (await _receipts.FindAsync(ReplicaNames.Manifest(video), cancellationToken) is not null)
            await Catalogue.RecordAsync(video, null, cancellationToken);
    }

    /// <summary>Has the channel's catalogue say what it should, and removes the manifests that it names no more.</summary>
    /// <inheritdoc cref="NameAsync"/>
    public async Task PublishAsync(CancellationToken cancellationToken)
    {
        await DoAsync(() => Catalogue.PublishAsync(cancellationToken));
        Volatile.Write(ref _published, _time.GetTimestamp());
        await DeleteBelowAsync(ReplicaNames.Former, cancellationToken);
    }

    /// <summary>Every manifest that lies here, as an entry of the catalogue here.</summary>
    public IAsyncEnumerable<CatalogueEntry> ListManifestsAsync(CancellationToken cancellationToken) =>
        _receipts
            .ListBelowAsync(ReplicaNames.Videos, cancellationToken)
            .Where(found => ReplicaNames.ManifestOf(found.Name) is not null)
            .Select(found => new CatalogueEntry(ReplicaNames.ManifestOf(found.Name)!.Value, _time.GetUtcNow(), found.Receipt));

    /// <inheritdoc cref="ChannelCatalogue.AdoptAsync"/>
    public Task AdoptAsync(CancellationToken cancellationToken) => DoAsync(() => Catalogue.AdoptAsync(cancellationToken));

    /// <inheritdoc cref="ChannelCatalogue.FollowRotationAsync"/>
    public Task FollowRotationAsync(CatalogueState vaults, CancellationToken cancellationToken) =>
        DoAsync(() => Catalogue.FollowRotationAsync(vaults, cancellationToken));

    /// <inheritdoc cref="ChannelCatalogue.EndRotationAsync"/>
    public Task EndRotationAsync(CatalogueState vaults, CancellationToken cancellationToken) =>
        DoAsync(() => Catalogue.EndRotationAsync(vaults, cancellationToken));

    public Task NoteAsync(string name, ChunkReceipt receipt, CancellationToken cancellationToken) =>
        receipt.ChatId == Store.Channel ? _receipts.PutAsync(name, receipt, cancellationToken) : Task.CompletedTask;

    public Task DeleteAsync(string name, CancellationToken cancellationToken) =>
        DoAsync(async () =>
        {
            if (await _receipts.FindAsync(name, cancellationToken) is not { } receipt)
                return false;
            if (!await Store.Documents.DeleteAsync(receipt, cancellationToken))
                await _left.AddAsync(receipt, cancellationToken);
            await _receipts.RemoveAsync(name, cancellationToken);
            return true;
        });

    public async Task DeleteBelowAsync(string name, CancellationToken cancellationToken)
    {
        foreach (var below in await ListBelowAsync(name, cancellationToken).ToListAsync(cancellationToken))
            await DeleteAsync(below, cancellationToken);
    }

    public IAsyncEnumerable<string> ListBelowAsync(string name, CancellationToken cancellationToken) =>
        _receipts.ListBelowAsync(name, cancellationToken).Select(found => found.Name);

    public IAsyncEnumerable<string> ListInAsync(string name, CancellationToken cancellationToken) =>
        ListBelowAsync(name, cancellationToken)
            .Select(below => below.IndexOf('/', name.Length + 1) is > 0 and var end ? below[..end] : below)
            .Distinct();

    public void Dispose()
    {
        Catalogue.Dispose();
        Store.Dispose();
    }

    /// <summary>
    /// What was posted is noted also where everything stops just now: nobody else knows of it. A chunk that it replaces stays where it is,
    /// for nothing is deleted on one proof that it is lost, and is told to the owner; a manifest goes once no catalogue names it.
    /// </summary>
    async Task RememberAsync(string name, ChunkReceipt receipt)
    {
        var former = await _receipts.FindAsync(name, CancellationToken.None);
        await _receipts.PutAsync(name, receipt, CancellationToken.None);
        if (former is null)
            return;
        if (ReplicaNames.IsChunk(name))
            await _left.AddAsync(former, CancellationToken.None);
        else
            await _receipts.PutAsync($"{ReplicaNames.Former}/{former.MessageId}", former, CancellationToken.None);
    }

    async Task DoAsync(Func<Task> work) =>
        await DoAsync(async () =>
        {
            await work();
            return true;
        });

    /// <summary>Does something in the channel, and says of what fails that it is the replica's.</summary>
    /// <exception cref="ReplicaException">It failed.</exception>
    public async Task<T> DoAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (ChunkStoreException failure)
        {
            throw new ReplicaException($"The replica in {Place} cannot be used now. {failure.Message}", failure)
            {
                RetryAfter = failure.RetryAfter,
            };
        }
        catch (IntegrityException damage)
        {
            throw new ReplicaException(
                $"What is pinned in {Place} is not the catalogue of this vault's copies there: {damage.Message} Unpin it, or name another "
                    + "channel.",
                damage
            );
        }
    }
}
