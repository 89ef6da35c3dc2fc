using System.Collections.Immutable;

namespace TgVault.Core.Rotation;

/// <summary>
/// Brings a vault under a new master secret, while it runs: every data key is wrapped anew, every manifest and the catalogue are posted
/// anew, no chunk is touched. It begins where the settings name a former secret, and goes on after a crash from what the rows say.
/// </summary>
public interface IKeyRotation
{
    /// <summary>How far the newest rotation is; null where there never was one.</summary>
    Task<RotationState?> FindAsync(CancellationToken cancellationToken);

    /// <summary>Where documents lie that Telegram did not delete: the first so many.</summary>
    Task<ImmutableArray<LeftDocument>> ListLeftAsync(int most, CancellationToken cancellationToken);

    /// <summary>Does the next bit, of some seconds mostly. Safe to repeat, and for several instances at once.</summary>
    /// <param name="amend">How the engine brings what is stored of a video up to its row; it may do so later.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="VaultException">It could not be done for now; the message says why.</exception>
    Task<RotationStep> StepAsync(Func<VideoId, CancellationToken, Task> amend, CancellationToken cancellationToken);
}

/// <summary>What a step of a rotation did.</summary>
public enum RotationStep
{
    /// <summary>Nothing is to be done, or nothing any more.</summary>
    Done,

    /// <summary>Something was done, and there is more.</summary>
    Moved,

    /// <summary>It waits for what is being posted: ask again in a while.</summary>
    Waits,
}

/// <summary>A document that nothing refers to, and that a person may delete in the channel.</summary>
/// <param name="Chat">The channel.</param>
/// <param name="Message">The message in it.</param>
public readonly record struct LeftDocument(long Chat, int Message);
