namespace TgVault.Core.Chunks;

/// <summary>The one document of a channel that can be found with nothing but the bot token and the channel's id: its pinned message.</summary>
public interface IPinboard
{
    /// <summary>Pins the document's message, then unpins the former one. Safe to repeat.</summary>
    Task PinAsync(ChunkReceipt receipt, ChunkReceipt? former, CancellationToken cancellationToken);

    /// <summary>The pinned document; null where there is none. Telegram gives the pinned message with the newest sending date.</summary>
    Task<ChunkReceipt?> FindPinnedAsync(CancellationToken cancellationToken);
}
