using System.Collections.Concurrent;
using System.Globalization;
using TgVault.Core;
using TgVault.Core.Chunks;

namespace TgVault.Testing;

/// <summary>One read that a <see cref="MemoryChunkStore"/> was asked for, whether or not it succeeded.</summary>
public readonly record struct ChunkRead(int MessageId, long Offset, int LengthBytes);

/// <summary>
/// A chunk store in memory that keeps every duty of the contract, counts what it is asked for, and fails where a test says so:
/// the hooks run before each call and may throw, wait, or both.
/// </summary>
sealed class MemoryChunkStore : IChunkStore, IDocumentForwarding, IPinboard, IDocumentMemory
{
    public const long BotId = 1000;
    public const long ChatId = -1001000000000;

    readonly ConcurrentDictionary<int, Stored> _documents = new();
    readonly ConcurrentQueue<ChunkRead> _reads = new();
    readonly ConcurrentDictionary<int, byte> _pinned = new();
    int _lastMessage;
    int _puts;
    long _bytesRead;

    /// <summary>Runs before a document is stored.</summary>
    public Func<ChunkDocument, CancellationToken, Task>? BeforePut { get; set; }

    /// <summary>Runs before bytes are given, with the receipt and the offset.</summary>
    public Func<ChunkReceipt, long, CancellationToken, Task>? BeforeRead { get; set; }

    /// <summary>Runs after a document was stored: throwing here makes an orphan.</summary>
    public Func<ChunkReceipt, CancellationToken, Task>? AfterPut { get; set; }

    /// <summary>Runs before a document is removed.</summary>
    public Func<ChunkReceipt, CancellationToken, Task>? BeforeDelete { get; set; }

    /// <summary>Documents older than what Telegram lets bots delete; <see cref="DeleteAsync"/> leaves them and says false.</summary>
    public bool TooOldToDelete { get; set; }

    public int Puts => Volatile.Read(ref _puts);

    /// <summary>Bytes given to readers.</summary>
    public long BytesRead => Interlocked.Read(ref _bytesRead);

    /// <summary>Every read so far, in the order in which they came.</summary>
    public IReadOnlyCollection<ChunkRead> Reads => _reads;

    /// <summary>How many documents there are.</summary>
    public int Count => _documents.Count;

    /// <summary>Names of the stored documents by message.</summary>
    public IReadOnlyDictionary<int, string> Names => _documents.ToDictionary(pair => pair.Key, pair => pair.Value.Name);

    /// <summary>Nothing: it remembers nothing of a document but the document.</summary>
    public void Forget(ChunkReceipt receipt) { }

    public void ForgetReads()
    {
        _reads.Clear();
        Interlocked.Exchange(ref _bytesRead, 0);
    }

    /// <summary>A copy of a stored document; null where it is gone.</summary>
    public byte[]? Find(int messageId) => _documents.TryGetValue(messageId, out var stored) ? [.. stored.Content] : null;

    /// <summary>Turns one bit of a stored document, as bad storage would.</summary>
    public void FlipBit(int messageId, int offset)
    {
        var stored = _documents[messageId];
        var changed = stored.Content.ToArray();
        changed[offset] ^= 1;
        _documents[messageId] = stored with { Content = changed };
    }

    /// <summary>Loses a document, as if somebody had deleted its message.</summary>
    public void Lose(int messageId) => _documents.TryRemove(messageId, out _);

    /// <inheritdoc/>
    public async Task<ChunkReceipt> PutAsync(ChunkDocument document, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Interlocked.Increment(ref _puts);
        if (BeforePut is { } before)
            await before(document, cancellationToken);
        if (document.Content.IsEmpty)
            throw new ChunkStoreException(ChunkStoreFailure.Permanent, "A document must not be empty.");
        var message = Interlocked.Increment(ref _lastMessage);
        var id = message.ToString("D8", CultureInfo.InvariantCulture);
        var receipt = new ChunkReceipt(BotId, ChatId, message, "file" + id, "unique" + id, document.Content.Length);
        _documents[message] = new Stored(document.Name, document.Content.ToArray());
        if (AfterPut is { } after)
            await after(receipt, cancellationToken);
        return receipt;
    }

    /// <inheritdoc/>
    public Task<ChunkReceipt> ForwardAsync(ChunkReceipt source, CancellationToken cancellationToken)
    {
        var stored = Get(source);
        return PutAsync(new ChunkDocument(stored.Name, stored.Content), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task ReadAsync(ChunkReceipt receipt, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _reads.Enqueue(new ChunkRead(receipt.MessageId, offset, destination.Length));
        if (BeforeRead is { } before)
            await before(receipt, offset, cancellationToken);
        var content = Get(receipt).Content;
        if (offset < 0 || offset + destination.Length > content.Length)
            throw new ChunkStoreException(
                ChunkStoreFailure.Permanent,
                $"Bytes {offset}+{destination.Length} are outside the document of {content.Length} bytes."
            );
        content.AsMemory((int)offset, destination.Length).CopyTo(destination);
        Interlocked.Add(ref _bytesRead, destination.Length);
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(ChunkReceipt receipt, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (BeforeDelete is { } before)
            await before(receipt, cancellationToken);
        if (TooOldToDelete && _documents.ContainsKey(receipt.MessageId))
            return false;
        _documents.TryRemove(receipt.MessageId, out _);
        return true;
    }

    /// <inheritdoc/>
    public Task PinAsync(ChunkReceipt receipt, ChunkReceipt? former, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Get(receipt);
        _pinned[receipt.MessageId] = 0;
        if (former is not null && former.MessageId != receipt.MessageId)
            _pinned.TryRemove(former.MessageId, out _);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<ChunkReceipt?> FindPinnedAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var newest = _pinned.Keys.Where(_documents.ContainsKey).DefaultIfEmpty().Max();
        if (newest == 0)
            return Task.FromResult<ChunkReceipt?>(null);
        var id = newest.ToString("D8", CultureInfo.InvariantCulture);
        return Task.FromResult<ChunkReceipt?>(
            new ChunkReceipt(BotId, ChatId, newest, "file" + id, "unique" + id, _documents[newest].Content.Length)
        );
    }

    Stored Get(ChunkReceipt receipt) =>
        _documents.TryGetValue(receipt.MessageId, out var stored)
            ? stored
            : throw new ChunkStoreException(ChunkStoreFailure.Gone, $"Message {receipt.MessageId} is gone.");

    sealed record Stored(string Name, byte[] Content);
}
