using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using TgVault.Core.Catalogue;
using TgVault.Core.Crypto;
using TgVault.Core.Keys;
using TgVault.Core.Links;
using TgVault.Core.Rows;

namespace TgVault.Core.Rotation;

/// <inheritdoc/>
sealed class KeyRotation(
    IRowTable table,
    KeyRing keys,
    RotatedRows videos,
    RotatedCatalogue catalogue,
    CatalogueRenewal renewal,
    LinkKeyRing linkKeys,
    LeftDocuments left,
    TimeProvider time,
    ILogger<KeyRotation> logger
) : IKeyRotation
{
    const string CatalogueWaits = "Entries of the catalogue wait to be posted anew.";

    readonly RotationTable _table = new(table);

    public Task<RotationState?> FindAsync(CancellationToken cancellationToken) => _table.FindAsync(cancellationToken);

    public async Task<ImmutableArray<LeftDocument>> ListLeftAsync(int most, CancellationToken cancellationToken) =>
        [.. (await left.ListAsync(most, cancellationToken)).Select(document => new LeftDocument(document.Chat, document.Message))];

    public async Task<RotationStep> StepAsync(Func<VideoId, CancellationToken, Task> amend, CancellationToken cancellationToken)
    {
        if (await FindWorkAsync(cancellationToken) is not { } state)
            return RotationStep.Done;
        await renewal.BeginAsync(cancellationToken);
        if (state.Stage == RotationStage.Videos)
        {
            (var step, var next) = await videos.StepAsync(state, amend, cancellationToken);
            await SaveAsync(state, next, cancellationToken);
            return step;
        }

        if (!await catalogue.RenewAsync(amend, cancellationToken) || await videos.IsAnyBehindAsync(cancellationToken))
        {
            await SaveAsync(state, state with { Stage = RotationStage.Videos, Waiting = CatalogueWaits }, cancellationToken);
            return RotationStep.Waits;
        }

        await EndAsync(state, cancellationToken);
        return RotationStep.Done;
    }

    /// <summary>The rotation that is under way, or begins; null where there is none.</summary>
    async Task<RotationState?> FindWorkAsync(CancellationToken cancellationToken)
    {
        var version = keys.Current.Version;
        var state = await _table.FindAsync(cancellationToken);
        if (state?.Version == version && state.Stage != RotationStage.Done)
            return state;
        if (!keys.Former.Any())
            return null;
        if (state?.Version == version && await AreRetiredAsync(cancellationToken))
        {
            // Another instance went on with it, and ended it.
            keys.EndFormerSignatures();
            return null;
        }

        state = new RotationState { Version = version, Began = time.GetUtcNow() };
        await _table.SaveAsync(state, cancellationToken);
        logger.RotationBegins(version);
        return state;
    }

    async Task<bool> AreRetiredAsync(CancellationToken cancellationToken)
    {
        foreach (var version in keys.Former)
        {
            if (!await KeyRingTable.IsRetiredAsync(table, version, cancellationToken))
                return false;
        }

        return true;
    }

    Task SaveAsync(RotationState before, RotationState state, CancellationToken cancellationToken) =>
        before == state ? Task.CompletedTask : _table.SaveAsync(state, cancellationToken);

    async Task EndAsync(RotationState state, CancellationToken cancellationToken)
    {
        await renewal.EndAsync(cancellationToken);
        await linkKeys.RevokeFormerAsync(cancellationToken);
        foreach (var version in keys.Former)
            await KeyRingTable.RetireAsync(table, version, time.GetUtcNow(), cancellationToken);
        await _table.SaveAsync(state with { Stage = RotationStage.Done, Ended = time.GetUtcNow(), Waiting = null }, cancellationToken);
        keys.EndFormerSignatures();
        logger.RotationEnded(state.Version, state.Videos);
    }
}
