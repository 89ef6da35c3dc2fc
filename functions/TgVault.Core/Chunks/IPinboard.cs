namespace TgVault.Core.Chunks;

/// <summary>
/// The pinned message of a channel: the one document that can be found with the bot token and the channel's id alone.
/// </summary>
interface IPinboard
{
    /// <summary>Pins the document's message, then unpins the former one. Safe to repeat.</summary>
    Task PinAsync(ChunkReceipt receipt, ChunkReceipt? former, CancellationToken cancellationToken);

    /// <summary>The pinned document; null where there is none. Telegram gives the pinned message with the newest sending date.</summary>
    Task<ChunkReceipt?> FindPinnedAsync(CancellationToken cancellationToken);
}
