using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using TgVault.Core.Caching;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Rows;

namespace TgVault.Core.Replicas;

/// <summary>All replicas of the vault, in the order of the settings; what players read where Telegram fails.</summary>
sealed class ReplicaSet : IChunkCopies, ICopyReceipts, IDisposable
{
    const long MaxKnownBytes = 2 << 20;
    const long KnownBytes = 200;

    // Every span of a film asks, and over a network each question costs. What went meanwhile is noticed when it is read.
    static readonly TimeSpan KnownFor = TimeSpan.FromMinutes(1);

    readonly SharedCache<(int Place, ChunkIdentity Chunk), StrongBox<long>> _known = new(MaxKnownBytes, _ => KnownBytes)
    {
        Lifetime = KnownFor,
    };

    public ReplicaSet(IEnumerable<IReplica> replicas, IRowStore rows, KeyRing keys)
    {
        var table = new ReplicaTable(rows.Table(VaultTables.Vault));
        All = [.. replicas.Select(replica => new BoundReplica(replica, table, keys))];
    }

    public ImmutableArray<BoundReplica> All { get; }

    /// <inheritdoc/>
    public int Places => All.Length;

    /// <inheritdoc/>
    public async Task<bool> HasAsync(int place, ChunkIdentity chunk, int sealedBytes, CancellationToken cancellationToken)
    {
        var documents = All[place].Documents;
        try
        {
            if (documents.Kind == ReplicaKind.Folder)
                return await documents.FindLengthAsync(ReplicaNames.Chunk(chunk), cancellationToken) == sealedBytes;
            if (_known.TryGet((place, chunk), out var known))
                return known.Value == sealedBytes;
            if (await documents.FindLengthAsync(ReplicaNames.Chunk(chunk), cancellationToken) is not { } length)
                return false;
            await _known.GetAsync((place, chunk), _ => Task.FromResult(new StrongBox<long>(length)), cancellationToken);
            return length == sealedBytes;
        }
        catch (ReplicaException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async Task<bool> TryReadAsync(
        int place,
        ChunkIdentity chunk,
        long offset,
        Memory<byte> destination,
        CancellationToken cancellationToken
    )
    {
        try
        {
            if (await All[place].Documents.TryReadAsync(ReplicaNames.Chunk(chunk), offset, destination, cancellationToken))
                return true;
        }
        catch (ReplicaException failure)
        {
            All[place].Failed(failure);
        }

        if (_known.TryGet((place, chunk), out var known))
            _known.Remove((place, chunk), known);
        return false;
    }

    /// <inheritdoc/>
    public async Task<ILookup<ChunkNumber, ChunkReceipt>> FindAsync(VideoId video, int attempt, CancellationToken cancellationToken)
    {
        var found = new List<(ChunkNumber Number, ChunkReceipt Receipt)>();
        foreach (var replica in All)
        {
            foreach (var (name, receipt) in await replica.Documents.FindReceiptsAsync(ReplicaNames.Video(video), cancellationToken))
            {
                if (ReplicaNames.ChunkOf(name) is { } chunk && chunk.Attempt == attempt)
                    found.Add((chunk.Number, receipt));
            }
        }

        return found.ToLookup(copy => copy.Number, copy => copy.Receipt);
    }

    /// <summary>Notes where copies of a chunk lie, as far as they are in the channel of a replica.</summary>
    public async Task NoteAsync(ChunkIdentity chunk, ImmutableArray<ChunkReceipt> copies, CancellationToken cancellationToken)
    {
        foreach (var replica in All)
        {
            foreach (var copy in copies)
                await replica.Documents.NoteAsync(ReplicaNames.Chunk(chunk), copy, cancellationToken);
        }
    }

    public void Dispose()
    {
        _known.Dispose();
        foreach (var replica in All)
            (replica.Documents as IDisposable)?.Dispose();
    }
}
