using System.Collections.Immutable;
using TgVault.Core;
using TgVault.Core.Replicas.Copies;

namespace TgVault.Web.Tests;

/// <summary>A vault that keeps nothing elsewhere; looks at copies give what a test says.</summary>
sealed class NoReplicas : IReplicas, INightlyChecks, ICopyChecks, ICatalogueChecks
{
    /// <summary>What was asked for last.</summary>
    public CopyRequest? Asked { get; private set; }

    public Task<CopyReport> RunAsync(bool mends, CancellationToken cancellationToken) =>
        Task.FromResult(new CopyReport { Places = [new PlaceTally("Telegram")] });

    public Task<ImmutableArray<ReplicaStatus>> ShowAsync(CancellationToken cancellationToken) =>
        Task.FromResult(ImmutableArray<ReplicaStatus>.Empty);

    public Task<CheckStatus> ShowChecksAsync(CancellationToken cancellationToken) => Task.FromResult(new CheckStatus(30, 0, null, 0, 0, 0));

    public Task<CopyReport?> RunAsync(VideoId id, CopyRequest request, CancellationToken cancellationToken)
    {
        Asked = request;
        return Task.FromResult<CopyReport?>(new CopyReport { Places = [new PlaceTally("Telegram")] });
    }
}
