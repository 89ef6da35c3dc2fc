using System.Collections.Immutable;
using TgVault.Core.Chunks;

namespace TgVault.Core.Replicas;

/// <summary>
/// A place that can keep documents under names, each whole or not at all. Names are of <see cref="ReplicaNames"/>. All calls may be made
/// at the same time. What cannot be done is a <see cref="ReplicaException"/>.
/// </summary>
interface IReplica
{
    /// <summary>What people know it by: the path of a folder, or the address of a container.</summary>
    string Place { get; }

    /// <summary>What sort of place it is.</summary>
    ReplicaKind Kind { get; }

    /// <summary>The marker's text; null where there is none, or no such place.</summary>
    Task<string?> ReadMarkerAsync(CancellationToken cancellationToken);

    /// <summary>Makes the place and its marker, in place of another.</summary>
    Task BeginAsync(string marker, CancellationToken cancellationToken);

    /// <summary>Whether anything is in it.</summary>
    Task<bool> IsEmptyAsync(CancellationToken cancellationToken);

    /// <summary>How long the document is; null where there is none.</summary>
    Task<long?> FindLengthAsync(string name, CancellationToken cancellationToken);

    /// <summary>Fills the destination from an offset of the document; false where there is none, or it ends before.</summary>
    Task<bool> TryReadAsync(string name, long offset, Memory<byte> destination, CancellationToken cancellationToken);

    /// <summary>Keeps a document, in place of one of that name. It is safe when this returns.</summary>
    Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps a document that a channel has, without its bytes passing here; false where this place cannot do so. It is safe when this
    /// returns.
    /// </summary>
    Task<bool> TryTakeAsync(string name, ChunkReceipt source, CancellationToken cancellationToken) => Task.FromResult(false);

    /// <summary>Where a document lies, if this place is a channel and has it.</summary>
    Task<ChunkReceipt?> FindReceiptAsync(string name, CancellationToken cancellationToken) => Task.FromResult<ChunkReceipt?>(null);

    /// <summary>Where the documents below lie, if this place is a channel.</summary>
    Task<ImmutableDictionary<string, ChunkReceipt>> FindReceiptsAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult(ImmutableDictionary<string, ChunkReceipt>.Empty);

    /// <summary>Notes where a document lies that is there already, if this place is the channel of the receipt.</summary>
    Task NoteAsync(string name, ChunkReceipt receipt, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Removes a document; nothing where there is none.</summary>
    Task DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>Removes everything below.</summary>
    Task DeleteBelowAsync(string name, CancellationToken cancellationToken);

    /// <summary>The names of documents below.</summary>
    IAsyncEnumerable<string> ListBelowAsync(string name, CancellationToken cancellationToken);

    /// <summary>The names of what lies directly below: documents and what has some below it.</summary>
    IAsyncEnumerable<string> ListInAsync(string name, CancellationToken cancellationToken);
}

/// <summary>What sort of place a replica is.</summary>
public enum ReplicaKind
{
    /// <summary>A folder on a disk of this machine. Reading it is cheap; the others are reached over a network.</summary>
    Folder,

    /// <summary>A container for blobs in a storage account.</summary>
    Blobs,

    /// <summary>Another Telegram channel.</summary>
    Channel,
}

/// <summary>A replica could not do what it was asked; the message says which, why, and what to do.</summary>
sealed class ReplicaException(string message, Exception? inner = null) : VaultException(message, inner)
{
    /// <summary>Whether the document is there, and only cannot be read before somebody brings it back from the archive.</summary>
    public bool IsArchived { get; init; }

    /// <summary>How long Telegram asks to wait; null where it does not.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
