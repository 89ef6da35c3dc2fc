using TgVault.Core.Catalogue;
using TgVault.Core.Keys;
using TgVault.Core.Replicas;
using TgVault.Core.Rows;

namespace TgVault.Core.Recovery;

/// <summary>
/// What a vault without keys does where its channel has a catalogue: it goes on as the vault that pinned it. A new key would read nothing
/// that is there, and a new catalogue would hide it.
/// </summary>
static class Adoption
{
    /// <summary>
    /// Takes key parameters and catalogue over into the tables, and notes that the videos are still to be recovered; false where there is
    /// no catalogue. The key comes last, so that after a crash this is done again. Safe to repeat, and for several instances at once.
    /// </summary>
    /// <param name="table"><see cref="VaultTables.Vault"/>; it must exist.</param>
    /// <param name="channel">What is pinned.</param>
    /// <param name="secrets">What opens it.</param>
    /// <param name="isReplica">Whether it is a replica's channel: the vault's own catalogue begins anew with what is posted next.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="VaultException">As <see cref="PinnedCatalogue.OpenAsync"/>.</exception>
    public static async Task<bool> TryAdoptAsync(
        IRowTable table,
        PinnedCatalogue channel,
        MasterSecrets secrets,
        bool isReplica,
        CancellationToken cancellationToken
    )
    {
        using var found = await channel.OpenAsync(secrets, cancellationToken);
        if (found is null)
            return false;
        if (!isReplica)
            await new CatalogueTable(table).AdoptAsync(found.Head, found.Receipt, cancellationToken);
        var state = new RecoveryState
        {
            Stage = RecoveryStage.Found,
            Videos = found.Head.Recent.Count(entry => entry.Manifest is not null) + found.Head.Segments.Sum(segment => segment.Entries),
        };
        if (state.Videos > 0)
            await new RecoveryTable(table).TryAddAsync(state, cancellationToken);
        await KeyRingTable.AddAsync(table, found.Parameters, cancellationToken);
        return true;
    }

    /// <summary>
    /// The same where no channel has a catalogue and a replica holds a library: its key, and the note. The catalogue begins anew with what
    /// is posted next.
    /// </summary>
    /// <exception cref="VaultException">The replica cannot be read, or the master secret is another one.</exception>
    public static async Task<bool> TryAdoptAsync(
        IRowTable table,
        IReplica replica,
        MasterSecrets secrets,
        CancellationToken cancellationToken
    )
    {
        if (await ReplicaSource.FindAsync(replica, cancellationToken) is not var (parameters, videos))
            return false;
        try
        {
            secrets.Derive(parameters).Key.Dispose();
        }
        catch (VaultException exception)
        {
            throw new VaultException(
                $"The replica {replica.Place} holds the library of a vault, and TgVault:MasterSecret is not the master secret it was made "
                    + $"with (vault key version {parameters.Version}). Set that secret; a new vault needs a replica of its own.",
                exception
            );
        }

        await new RecoveryTable(table).TryAddAsync(new RecoveryState { Stage = RecoveryStage.Found, Videos = videos }, cancellationToken);
        await KeyRingTable.AddAsync(table, parameters, cancellationToken);
        return true;
    }
}
