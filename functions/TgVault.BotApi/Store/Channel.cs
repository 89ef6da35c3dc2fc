namespace TgVault.BotApi.Store;

/// <summary>One channel: its messages by number, and which of them are pinned.</summary>
sealed class Channel(long id)
{
    public long Id => id;

    public Dictionary<int, StoredMessage> Messages { get; } = [];

    public HashSet<int> Pinned { get; } = [];

    public int LastId { get; set; }

    /// <summary>The pinned message with the newest sending date, not the one pinned last (Bot API, "ChatFullInfo").</summary>
    public StoredMessage? NewestPinned() =>
        Pinned.Select(message => Messages.GetValueOrDefault(message)).OfType<StoredMessage>().OrderBy(message => message.Date).ThenBy(message => message.Id).LastOrDefault();
}
