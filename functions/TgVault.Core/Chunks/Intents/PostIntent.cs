namespace TgVault.Core.Chunks.Intents;

/// <summary>A document that was about to be posted, noted before the call.</summary>
/// <param name="Key">Names the intent.</param>
/// <param name="BotId">Who was to post it.</param>
/// <param name="ChatId">The channel.</param>
/// <param name="After">Messages up to this one were there before; 0: not known.</param>
/// <param name="Name">The document's name, which no other has; empty for a copy that Telegram makes.</param>
/// <param name="File">Of such a copy: the id that all copies of the file share, where it is known; else empty.</param>
/// <param name="Source">Of a copy whose file is not known: the message of the same channel that it was made of; else 0.</param>
/// <param name="Message">The message it became, where that is known and no row may have come to name it; else 0.</param>
sealed record PostIntent(string Key, long BotId, long ChatId, int After, string Name, string File, int Source, int Message = 0)
{
    /// <summary>What it takes to delete the message it became.</summary>
    public ChunkReceipt Posted => new(BotId, ChatId, Message, "", File, 0);

    /// <summary>Whether a document is the one that was to be posted; a copy of a copy is told by <see cref="IsCopyOf"/>.</summary>
    public bool IsOf(FoundDocument found) =>
        found.Receipt.ChatId == ChatId
        && found.Receipt.MessageId > After
        && (
            Name.Length > 0 ? found.Name == Name && found.IsOriginal
            : File.Length > 0 ? found.Receipt.FileUniqueId == File
            : found.Origin == Source && !found.IsOriginal
        );

    /// <summary>
    /// Whether a document is the copy that was to be made of another, itself a copy: Telegram calls both copies of the same message.
    /// </summary>
    public bool IsCopyOf(FoundDocument source, FoundDocument copy) =>
        Name.Length == 0
        && File.Length == 0
        && source.Receipt.MessageId == Source
        && !source.IsOriginal
        && copy.Origin == source.Origin
        && copy.Receipt.ChatId == ChatId
        && copy.Receipt.MessageId > Math.Max(After, Source);
}

/// <summary>A document that a message was found to hold.</summary>
/// <param name="Receipt">Where it lies.</param>
/// <param name="Name">Its name.</param>
/// <param name="Origin">The message of this channel that it is a copy of; its own where it is none, or one of another channel's.</param>
sealed record FoundDocument(ChunkReceipt Receipt, string Name, int Origin)
{
    /// <summary>Whether it is no copy of another message of this channel. Copies bear the same name.</summary>
    public bool IsOriginal => Origin == Receipt.MessageId;
}
