namespace TgVault.BotApi.Store;

/// <summary>A document's bytes, shared by every message that shows them.</summary>
sealed record StoredFile(long Number, string Path, long SizeBytes, string Name);

/// <summary>Where a forwarded message came from.</summary>
sealed record Origin(long Chat, int Message, long Date);

/// <summary>One message of a channel; without a file it is a service message.</summary>
sealed record Post(long Chat, int Id, long Date, long Bot, StoredFile? File, string? Caption, Origin? Origin)
{
    public bool IsDeleted { get; init; }
}

/// <summary>A document that was sent, for tests to look at.</summary>
/// <param name="Path">The file on disk, as Telegram would hold it.</param>
/// <param name="SizeBytes">Its length.</param>
/// <param name="Name">File name as cleaned.</param>
/// <param name="ChatId">Channel of the message.</param>
/// <param name="MessageId">Its message.</param>
/// <param name="IsDeleted">Whether the message was deleted; the file may still be there.</param>
public sealed record StoredDocument(string Path, long SizeBytes, string Name, long ChatId, int MessageId, bool IsDeleted)
{
    /// <summary>When the answer to the bot that posted it was sent, whole, by the system's clock; null where it was not, or where that is
    /// not noted (<see cref="BotApiOptions.Control"/>).</summary>
    public DateTimeOffset? Answered { get; init; }
}
