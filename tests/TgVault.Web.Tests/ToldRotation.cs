using System.Collections.Immutable;
using TgVault.Core;
using TgVault.Core.Rotation;

namespace TgVault.Web.Tests;

/// <summary>A rotation that is as a test says.</summary>
sealed class ToldRotation : IKeyRotation
{
    public RotationState? State { get; set; }

    public ImmutableArray<LeftDocument> Left { get; set; } = [];

    public Task<RotationState?> FindAsync(CancellationToken cancellationToken) => Task.FromResult(State);

    public Task<ImmutableArray<LeftDocument>> ListLeftAsync(int most, CancellationToken cancellationToken) => Task.FromResult(Left);

    public Task<RotationStep> StepAsync(Func<VideoId, CancellationToken, Task> amend, CancellationToken cancellationToken) =>
        Task.FromResult(RotationStep.Done);
}
