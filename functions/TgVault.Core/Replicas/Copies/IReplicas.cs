using System.Collections.Immutable;

namespace TgVault.Core.Replicas.Copies;

/// <summary>The vault's replicas, for its owner.</summary>
public interface IReplicas
{
    /// <summary>How each replica is, in the order of the settings. Asks the rows; touches no replica.</summary>
    Task<ImmutableArray<ReplicaStatus>> ShowAsync(CancellationToken cancellationToken);
}

/// <summary>The nightly looks at what is stored, for the vault's owner.</summary>
public interface INightlyChecks
{
    /// <summary>How they stand.</summary>
    Task<CheckStatus> ShowChecksAsync(CancellationToken cancellationToken);
}

/// <summary>How one replica is.</summary>
/// <param name="Kind">What sort of place it is.</param>
/// <param name="Place">The path of a folder, the address of a container, or the channel.</param>
/// <param name="Videos">Videos that are whole in it.</param>
/// <param name="Waiting">Videos that were found to lack something, as of the last look.</param>
/// <param name="Verified">When copies in it were last read as a whole and opened, some of them or all; null: never.</param>
/// <param name="Problem">Why it could not be used, and what to do; empty where it could.</param>
public sealed record ReplicaStatus(ReplicaKind Kind, string Place, int Videos, int Waiting, DateTimeOffset? Verified, string Problem);
