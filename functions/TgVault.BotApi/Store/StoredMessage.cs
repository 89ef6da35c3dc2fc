namespace TgVault.BotApi.Store;

/// <summary>One document on disk, which any number of messages may show.</summary>
sealed record StoredDocument(long Number, long SizeBytes, string Path)
{
    /// <summary>How many messages show it.</summary>
    public int Uses { get; set; }

    /// <summary>File ids minted before it became this are dead.</summary>
    public int Generation { get; set; }
}

sealed record ForwardOrigin(long ChatId, int MessageId, long Date);

/// <summary>One post in a channel.</summary>
sealed record StoredMessage(long ChatId, int Id, long BotId, long Date, StoredDocument Document, string FileName, string Caption)
{
    public ForwardOrigin? Forward { get; init; }

    public bool Protected { get; init; }

    public long? EditDate { get; init; }
}

/// <summary>A document as tests see it.</summary>
/// <param name="Path">Below the data folder.</param>
public sealed record DocumentListing(long ChatId, int MessageId, string Path, long SizeBytes, string Name);
