using TgVault.Core.Chunks;
using TgVault.Core.Rows;
using TgVault.Testing;

namespace TgVault.Core.Tests.Catalogue;

/// <summary>A process that dies at its nth call, over table, store and pinboard together:
/// that call and all after it fail, without any clean-up getting through.</summary>
sealed class Crash(int atCall)
{
    int _calls;

    public bool Happened => Volatile.Read(ref _calls) >= atCall;

    public DyingChannel Over(MemoryChunkStore channel) => new(this, channel);

    public DyingTable Over(IRowTable table) => new(this, table);

    public void Count()
    {
        if (Interlocked.Increment(ref _calls) >= atCall)
            throw new CrashException();
    }
}

sealed class CrashException : Exception;

sealed class DyingChannel(Crash crash, MemoryChunkStore channel) : IChunkStore, IPinboard
{
    public Task<ChunkReceipt> PutAsync(ChunkDocument document, CancellationToken cancellationToken)
    {
        crash.Count();
        return channel.PutAsync(document, cancellationToken);
    }

    public Task ReadAsync(ChunkReceipt receipt, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        crash.Count();
        return channel.ReadAsync(receipt, offset, destination, cancellationToken);
    }

    public Task<bool> DeleteAsync(ChunkReceipt receipt, CancellationToken cancellationToken)
    {
        crash.Count();
        return channel.DeleteAsync(receipt, cancellationToken);
    }

    public Task PinAsync(ChunkReceipt receipt, ChunkReceipt? former, CancellationToken cancellationToken)
    {
        crash.Count();
        return channel.PinAsync(receipt, former, cancellationToken);
    }

    public Task<ChunkReceipt?> FindPinnedAsync(CancellationToken cancellationToken)
    {
        crash.Count();
        return channel.FindPinnedAsync(cancellationToken);
    }
}

sealed class DyingTable(Crash crash, IRowTable table) : IRowTable
{
    IRowTable Table
    {
        get
        {
            crash.Count();
            return table;
        }
    }

    public Task CreateAsync(CancellationToken cancellationToken) => Table.CreateAsync(cancellationToken);

    public Task<Row?> FindAsync(string partition, string key, string[]? columns, CancellationToken cancellationToken) =>
        Table.FindAsync(partition, key, columns, cancellationToken);

    public IAsyncEnumerable<Row> ListAsync(RowRange range, int pageRows, string[]? columns, CancellationToken cancellationToken) =>
        Table.ListAsync(range, pageRows, columns, cancellationToken);

    public IAsyncEnumerable<(string Partition, int Rows)> CountAsync(string first, string end, CancellationToken cancellationToken) =>
        Table.CountAsync(first, end, cancellationToken);

    public Task<string?> TryInsertAsync(Row row, CancellationToken cancellationToken) => Table.TryInsertAsync(row, cancellationToken);

    public Task<string?> TryReplaceAsync(Row row, string version, CancellationToken cancellationToken) =>
        Table.TryReplaceAsync(row, version, cancellationToken);

    public Task<string> PutAsync(Row row, CancellationToken cancellationToken) => Table.PutAsync(row, cancellationToken);

    public Task DeleteAsync(string partition, string key, CancellationToken cancellationToken) =>
        Table.DeleteAsync(partition, key, cancellationToken);

    public Task<bool> TryDeleteAsync(string partition, string key, string version, CancellationToken cancellationToken) =>
        Table.TryDeleteAsync(partition, key, version, cancellationToken);

    public Task DeleteRangeAsync(RowRange range, CancellationToken cancellationToken) => Table.DeleteRangeAsync(range, cancellationToken);

    public Task<bool> TryChangeAsync(IReadOnlyList<RowChange> changes, CancellationToken cancellationToken) =>
        Table.TryChangeAsync(changes, cancellationToken);
}
