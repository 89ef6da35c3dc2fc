using TgVault.Core.Catalogue;
using TgVault.Core.Keys;
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
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="VaultException">As <see cref="PinnedCatalogue.OpenAsync"/>.</exception>
    public static async Task<bool> TryAdoptAsync(
        IRowTable table,
        PinnedCatalogue channel,
        MasterSecrets secrets,
        CancellationToken cancellationToken
    )
    {
        using var found = await channel.OpenAsync(secrets, cancellationToken);
        if (found is null)
            return false;
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
}
