using System.Collections.Immutable;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Rows;
using TgVault.Core.Settings;

namespace TgVault.Core.Replicas;

/// <summary>All replicas of the vault, in the order of the settings; what players read where Telegram fails.</summary>
sealed class ReplicaSet : IChunkCopies
{
    public ReplicaSet(VaultSettings settings, IRowStore rows, KeyRing keys)
        : this(settings.Replicas.Select(replica => new FolderReplica(replica.Folder)), rows, keys) { }

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
        try
        {
            return await All[place].Documents.FindLengthAsync(ReplicaNames.Chunk(chunk), cancellationToken) == sealedBytes;
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
            return await All[place].Documents.TryReadAsync(ReplicaNames.Chunk(chunk), offset, destination, cancellationToken);
        }
        catch (ReplicaException failure)
        {
            All[place].Failed(failure);
            return false;
        }
    }
}
