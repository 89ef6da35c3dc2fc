using TgVault.Core.Crypto;

namespace TgVault.Core.Playback.Spans;

/// <summary>Fetches and opens spans for the cache. A fill can outlive the reader that asked first, so it holds its source.</summary>
internal interface ISpanSource
{
    /// <summary>The key of the span's first block.</summary>
    BlockKey KeyOf(PlaySpan span);

    /// <summary>Called while the caller has the source anyway; the source stays usable until <see cref="Release"/>.</summary>
    void Acquire();

    void Release();

    /// <summary>
    /// Reads the sealed blocks of <paramref name="span"/> into <paramref name="buffer"/> and opens each in place, so a block's plaintext
    /// begins where its sealed form began. Throws unless every block opened.
    /// </summary>
    Task FillAsync(PlaySpan span, Memory<byte> buffer, CancellationToken cancellationToken);
}

/// <summary>One span that is being filled or is filled. All members but <see cref="Filled"/> are guarded by the cache's lock.</summary>
internal sealed class CachedSpan(BlockKey first, PlaySpan span)
{
    public PlaySpan Span => span;

    /// <summary>The key of its block with this number, from 0.</summary>
    public BlockKey this[int block] => first with { Block = first.Block + block };

    /// <summary>Ends when the span is filled or could not be.</summary>
    public TaskCompletionSource Filled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Cancelled when nobody wants the fill any more. Not disposed: it has no timer and no handle.</summary>
    public CancellationTokenSource Abandoned { get; } = new();

    public byte[]? Buffer { get; set; }

    public bool IsFilled { get; set; }

    /// <summary>No longer in the cache; whoever still has it pinned may finish.</summary>
    public bool IsRemoved { get; set; }

    /// <summary>Readers that wait for it or copy from it now: it cannot be evicted.</summary>
    public int Pins { get; set; }

    /// <summary>Streams that are in it or will come to it soon: it is evicted last.</summary>
    public int Wanted { get; set; }

    public LinkedListNode<CachedSpan>? Age { get; set; }

    public int BufferBytes => SpanBuffers.SizeBytes(span.BlockCount);
}

/// <summary>The right to copy from a span. Held only while copying; disposed exactly once.</summary>
internal readonly struct SpanLease(SpanCache cache, CachedSpan span, bool wasHere) : IDisposable
{
    /// <summary>Whether it was in memory or on its way already.</summary>
    public bool WasHere => wasHere;

    public PlaySpan Span => span.Span;

    /// <summary>Copies plaintext from <paramref name="offset"/> of the span until the span or the destination ends; returns how much.</summary>
    public int CopyTo(int offset, Span<byte> destination)
    {
        var count = Math.Min(destination.Length, span.Span.LengthBytes - offset);
        for (var copied = 0; copied < count; )
        {
            var (block, within) = Math.DivRem(offset + copied, SealedChunk.BlockBytes);
            var piece = Math.Min(count - copied, SealedChunk.BlockBytes - within);
            span.Buffer.AsSpan((block * SealedChunk.SealedBlockBytes) + within, piece).CopyTo(destination[copied..]);
            copied += piece;
        }

        return count;
    }

    public void Dispose() => cache.Unpin(span);
}

/// <summary>A stream's word that it will read this span soon: keeps its fetch going and its bytes from being evicted first.</summary>
internal sealed class SpanTicket(SpanCache cache, CachedSpan span) : IDisposable
{
    bool _disposed;

    public PlaySpan Span => span.Span;

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        cache.Forgo(span);
    }
}
