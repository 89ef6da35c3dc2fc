using System.Text.Json.Serialization;

namespace TgVault.Core.Chunks;

/// <summary>
/// Where sealed documents are kept. Duties of every store and wrapper:
/// <list type="bullet">
/// <item>All calls may be made at the same time from many threads.</item>
/// <item>
/// <see cref="PutAsync"/> stores the whole document or throws. It is not idempotent: a call that failed may still have stored the
/// document (an orphan), and a second call stores another.
/// </item>
/// <item>
/// <see cref="ReadAsync"/> fills the whole destination or throws; it never gives short data. Its bytes are not authenticated: the
/// caller opens them.
/// </item>
/// <item><see cref="DeleteAsync"/> of what is not there succeeds.</item>
/// <item>
/// Failures are <see cref="ChunkStoreException"/>, and <see cref="IntegrityException"/> where the document is damaged for certain. A
/// wrapper or the caller may retry transient ones, and no others. Cancellation is <see cref="OperationCanceledException"/>.
/// </item>
/// </list>
/// </summary>
interface IChunkStore
{
    /// <summary>Posts one document and returns where it is.</summary>
    Task<ChunkReceipt> PutAsync(ChunkDocument document, CancellationToken cancellationToken);

    /// <summary>Reads <c>destination.Length</c> bytes from <paramref name="offset"/> of the sealed document.</summary>
    Task ReadAsync(ChunkReceipt receipt, long offset, Memory<byte> destination, CancellationToken cancellationToken);

    /// <summary>Removes the document; false where the store may no longer do so (Telegram: older than 48 hours).</summary>
    Task<bool> DeleteAsync(ChunkReceipt receipt, CancellationToken cancellationToken);
}

/// <summary>
/// One sealed document to post. The content stays the caller's and does not change until the call ends. A retry may read it again.
/// </summary>
sealed record ChunkDocument(string Name, ReadOnlyMemory<byte> Content)
{
    /// <summary>
    /// It goes where <see cref="IPinboard"/> pins: into the first channel, by the first bot. Other documents go wherever there is room.
    /// </summary>
    public bool IsForPinning { get; init; }
}

/// <summary>Where one document lies: enough to read it, to find it again by message when its file id died, and to delete it.</summary>
/// <param name="BotId">The bot whose <paramref name="FileId"/> it is; file ids work for one bot only.</param>
/// <param name="ChatId">The channel.</param>
/// <param name="MessageId">The message in that channel.</param>
/// <param name="FileId">What getFile takes.</param>
/// <param name="FileUniqueId">The same for all bots and over time; for audits only.</param>
/// <param name="SealedLengthBytes">The document's length.</param>
public sealed record ChunkReceipt(long BotId, long ChatId, int MessageId, string FileId, string FileUniqueId, int SealedLengthBytes)
{
    /// <summary>Whether no channel has the document: only a replica does.</summary>
    [JsonIgnore]
    public bool IsNowhere => MessageId == 0;

    /// <summary>The receipt of a document that no channel has.</summary>
    public static ChunkReceipt Nowhere(int sealedLengthBytes) => new(0, 0, 0, "", "", sealedLengthBytes);
}
