namespace TgVault.Core.Chunks.Intents;

/// <summary>A document that was about to be posted, noted before the call.</summary>
/// <param name="Key">Names the intent.</param>
/// <param name="BotId">Who was to post it.</param>
/// <param name="ChatId">The channel.</param>
/// <param name="After">Messages up to this one were there before; 0: not known.</param>
/// <param name="Name">The document's name, which no other has; empty for a copy that Telegram makes.</param>
/// <param name="File">Of such a copy: the id that all copies of the file share, where it is known; else empty.</param>
/// <param name="Source">Of a copy whose file is not known: the message of the same channel that it was made of; else 0.</param>
sealed record PostIntent(string Key, long BotId, long ChatId, int After, string Name, string File, int Source)
{
    /// <summary>Whether a document of a message is the one that was to be posted.</summary>
    public bool IsOf(FoundDocument found) =>
        found.Receipt.ChatId == ChatId
        && found.Receipt.MessageId > After
        && (
            Name.Length > 0 ? found.Name == Name
            : File.Length > 0 ? found.Receipt.FileUniqueId == File
            : found.Origin == Source && found.Receipt.MessageId != Source
        );
}

/// <summary>A document that a message was found to hold.</summary>
/// <param name="Receipt">Where it lies.</param>
/// <param name="Name">Its name.</param>
/// <param name="Origin">The message of this channel that it is a copy of; its own where it is none, or one of another channel's.</param>
sealed record FoundDocument(ChunkReceipt Receipt, string Name, int Origin);
