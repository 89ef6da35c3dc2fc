using Azure.Core;
using Azure.Core.Pipeline;
using TgVault.Core.Chunks;
using TgVault.Testing;

namespace TgVault.Core.Tests.Catalogue;

/// <summary>A process that dies at its nth call, over table, store and pinboard together:
/// that call and all after it fail, without any clean-up getting through.</summary>
sealed class Crash(int atCall) : HttpPipelinePolicy
{
    int _calls;

    public bool Happened => Volatile.Read(ref _calls) >= atCall;

    public DyingChannel Over(MemoryChunkStore channel) => new(this, channel);

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        Count();
        ProcessNext(message, pipeline);
    }

    public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        Count();
        return ProcessNextAsync(message, pipeline);
    }

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
