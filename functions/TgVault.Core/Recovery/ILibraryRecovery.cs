using System.Collections.Immutable;

namespace TgVault.Core.Recovery;

/// <summary>
/// Rebuilds the tables of a vault from its channel, or from a replica: videos, chunks and key versions, from the catalogue and the
/// manifests.
/// </summary>
public interface ILibraryRecovery
{
    /// <summary>What the vault remembers; null where there never was anything to recover.</summary>
    Task<RecoveryState?> FindAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Goes through the whole catalogue. Videos that have a row are left as they are, so a run that was stopped goes on where it was. A
    /// video's row is written after its chunks: what is listed is whole.
    /// </summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="tell">Told after each video; never by two threads at once.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="VaultException">
    /// There is no catalogue, it is of another vault or unreadable, the storage is in use, or Telegram failed for too long. The message
    /// says which, and what to do.
    /// </exception>
    Task<RecoveryReport> RunAsync(RecoveryRequest request, Action<RecoveryProgress> tell, CancellationToken cancellationToken);
}

/// <summary>What is wanted of a recovery.</summary>
public sealed record RecoveryRequest
{
    /// <summary>Whether storage that has videos may be added to.</summary>
    public bool IntoExisting { get; init; }

    /// <summary>
    /// Whether links that were made before stay good. Which of them were revoked one by one is not in the channel, so those would be good
    /// again, too.
    /// </summary>
    public bool KeepLinks { get; init; }

    /// <summary>Whether the videos are taken from a replica, also where the channel has a catalogue.</summary>
    public bool FromReplica { get; init; }

    /// <summary>Whether every chunk is read from where the videos are taken from and opened.</summary>
    public bool ReadChunks { get; init; }
}

/// <summary>How far a recovery is.</summary>
/// <param name="Done">Videos that it went through.</param>
/// <param name="Videos">Videos that the catalogue names.</param>
/// <param name="Chunks">Chunks in the tables of those it went through.</param>
/// <param name="Bytes">What these hold, before sealing.</param>
/// <param name="Failed">Videos that could not be recovered.</param>
public readonly record struct RecoveryProgress(long Done, long Videos, long Chunks, long Bytes, long Failed);

/// <summary>What a recovery did, and what of it was checked.</summary>
public sealed record RecoveryReport
{
    /// <summary>The replica that they were taken from; empty: the channel.</summary>
    public string Replica { get; init; } = "";

    /// <summary>Videos that the catalogue names, as far as it could be read; of a replica those that lie in it, too.</summary>
    public required long Videos { get; init; }

    /// <summary>Manifests that were read and opened, together with the keys in them.</summary>
    public required long Opened { get; init; }

    /// <summary>Videos that had a row already, with all its chunk records.</summary>
    public required long There { get; init; }

    /// <summary>Files in the tables: the videos' own, and what is stored beside them.</summary>
    public required long Files { get; init; }

    /// <summary>Chunk records that were read back from the tables and tile their files as planned.</summary>
    public required long Chunks { get; init; }

    /// <summary>What these chunks hold, before sealing.</summary>
    public required long Bytes { get; init; }

    /// <summary>Chunks that were read and opened, block by block.</summary>
    public required long Read { get; init; }

    /// <summary>Parts of the catalogue that could not be read: how many changes they held, nobody knows of which videos.</summary>
    public required long LostChanges { get; init; }

    /// <summary>Why the first of these parts cannot be read: one sentence for a person; null where all could be.</summary>
    public required string? LostReason { get; init; }

    /// <summary>Videos that could not be recovered; of very many, the first thousand.</summary>
    public required ImmutableArray<RecoveryFailure> Failures { get; init; }

    /// <summary>How many could not be recovered.</summary>
    public required long Failed { get; init; }

    /// <summary>Whether every video of the whole catalogue is in the tables.</summary>
    public bool IsComplete => Failed == 0 && LostChanges == 0;
}

/// <summary>A video that could not be recovered, or of which not all could be read.</summary>
/// <param name="Video">Its id.</param>
/// <param name="Reason">One sentence for a person.</param>
public sealed record RecoveryFailure(VideoId Video, string Reason);
