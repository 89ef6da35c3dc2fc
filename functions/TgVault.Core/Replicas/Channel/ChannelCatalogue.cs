using Microsoft.Extensions.Logging;
using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Rows;

namespace TgVault.Core.Replicas.Channel;

/// <summary>
/// The catalogue of a replica's channel: of the form that the vault's own has, pinned there, with receipts that lead into this channel. So
/// the channel alone is a vault's channel, as soon as somebody names it first.
/// </summary>
sealed class ChannelCatalogue(
    ChannelStore store,
    ReceiptTable receipts,
    IRowTable table,
    IDiscardedDocuments discarded,
    KeyRing keys,
    TimeProvider time,
    ILogger<CatalogueLog> logger
) : IDisposable
{
    /// <summary>What the rows say of it.</summary>
    public CatalogueTable Table { get; } = new(table, store.Channel);

    /// <summary>What publishes it.</summary>
    public CatalogueLog Log { get; } =
        new(table, store.Documents, store.Pinboard, keys, Environment.MachineName, time, logger, store.Channel, discarded);

    /// <summary>What brings all of it anew.</summary>
    public CatalogueRenewal Renewal => field ??= new CatalogueRenewal(table, store.Documents, keys, Log, store.Channel);

    /// <summary>Where the rows do not know the channel, but it has a catalogue: notes where the manifests in it lie.</summary>
    /// <exception cref="VaultException">It cannot be read, or is of another vault.</exception>
    public async Task AdoptAsync(CancellationToken cancellationToken)
    {
        if (await Table.LoadAsync(cancellationToken) is not null)
            return;
        var reader = new CatalogueReader(store.Documents, store.Pinboard, keys);
        await foreach (var entry in reader.ReadAllAsync(cancellationToken))
        {
            var name = ReplicaNames.Manifest(entry.Video);
            if (await receipts.FindAsync(name, cancellationToken) is null)
                await receipts.PutAsync(name, entry.Manifest!, cancellationToken);
        }
    }

    /// <summary>Notes where the newest manifest of a video lies in the channel, or that the video was removed: null.</summary>
    public Task RecordAsync(VideoId video, ChunkReceipt? manifest, CancellationToken cancellationToken) =>
        Table.RecordAsync(new CatalogueEntry(video, time.GetUtcNow(), manifest), cancellationToken);

    /// <summary>Publishes what was noted, if anything was.</summary>
    /// <exception cref="ChunkStoreException">The channel failed.</exception>
    public Task PublishAsync(CancellationToken cancellationToken) => Log.PublishAllAsync(cancellationToken);

    /// <summary>Comes before anything is noted: brings the catalogue under the version that the vault's own is under.</summary>
    /// <param name="vaults">The vault's own.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task FollowRotationAsync(CatalogueState vaults, CancellationToken cancellationToken)
    {
        if (vaults.KeyVersion > 0 && vaults.KeyVersion == keys.Current.Version)
            await Renewal.BeginAsync(cancellationToken);
    }

    /// <summary>Comes once the channel has all that the vault's catalogue names: leaves out what a rotation set apart.</summary>
    public async Task EndRotationAsync(CatalogueState vaults, CancellationToken cancellationToken)
    {
        if (!vaults.Older.IsEmpty || await Table.LoadAsync(cancellationToken) is not { Older: { IsEmpty: false } older })
            return;
        try
        {
            await Renewal.EndAsync(cancellationToken);
        }
        catch (IntegrityException)
        {
            // The former secret is gone by now, so nobody sees what is below them.
            await Log.RewriteAsync(state => state.Older.IsEmpty ? null : state with { Older = [] }, cancellationToken);
            foreach (var segment in older)
                await Log.TryDeleteAsync(segment.Receipt, cancellationToken);
        }
    }

    public void Dispose() => Log.Dispose();
}
