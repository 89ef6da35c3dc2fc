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
    KeyRing keys,
    TimeProvider time,
    ILogger<CatalogueLog> logger
) : IDisposable
{
    readonly CatalogueTable _table = new(table, store.Channel);
    readonly CatalogueLog _log = new(table, store.Documents, store.Pinboard, keys, Environment.MachineName, time, logger, store.Channel);

    /// <summary>What brings all of it anew.</summary>
    public CatalogueRenewal Renewal => field ??= new CatalogueRenewal(table, store.Documents, keys, _log, store.Channel);

    /// <summary>What the rows say of it.</summary>
    public CatalogueTable Table => _table;

    /// <summary>What publishes it.</summary>
    public CatalogueLog Log => _log;

    /// <summary>Where the rows do not know the channel, but it has a catalogue: notes where the manifests in it lie.</summary>
    /// <exception cref="VaultException">It cannot be read, or is of another vault.</exception>
    public async Task AdoptAsync(CancellationToken cancellationToken)
    {
        if (await _table.LoadAsync(cancellationToken) is not null)
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
        _table.RecordAsync(new CatalogueEntry(video, time.GetUtcNow(), manifest), cancellationToken);

    /// <summary>Publishes what was noted, if anything was.</summary>
    /// <exception cref="ChunkStoreException">The channel failed.</exception>
    public Task PublishAsync(CancellationToken cancellationToken) => _log.PublishAllAsync(cancellationToken);

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
        if (!vaults.Older.IsEmpty || await _table.LoadAsync(cancellationToken) is not { Older: { IsEmpty: false } older })
            return;
        try
        {
            await Renewal.EndAsync(cancellationToken);
        }
        catch (IntegrityException)
        {
            // The former secret is gone by now, so nobody sees what is below them.
            await _log.RewriteAsync(state => state.Older.IsEmpty ? null : state with { Older = [] }, cancellationToken);
            foreach (var segment in older)
                await _log.TryDeleteAsync(segment.Receipt, cancellationToken);
        }
    }

    public void Dispose() => _log.Dispose();
}
