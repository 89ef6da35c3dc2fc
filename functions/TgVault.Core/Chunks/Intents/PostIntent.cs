namespace TgVault.Core.Chunks.Intents;

/// <summary>A document that was about to be posted, noted before the call.</summary>
sealed record PostIntent
{
    /// <summary>Calls post at the same time, and the last answers are those that are lost: so far beyond the newest known.</summary>
    internal const int Beyond = 32;

    /// <summary>How many messages are looked at for one note at most.</summary>
    internal const int Furthest = 2_000;

    /// <summary>Names the intent; empty before it is noted.</summary>
    public string Key { get; init; } = "";

    /// <summary>Who was to post it.</summary>
    public required long BotId { get; init; }

    /// <summary>The channel.</summary>
    public required long ChatId { get; init; }

    /// <summary>When it was noted; later, when its call ended.</summary>
    public DateTimeOffset Begun { get; init; }

    /// <summary>Messages up to this one were there before; 0: not known.</summary>
    public int After { get; init; }

    /// <summary>No message beyond this one is it; 0: not known yet.</summary>
    public int Until { get; init; }

    /// <summary>The document's name, which no other has; empty for a copy that Telegram makes.</summary>
    public string Name { get; init; } = "";

    /// <summary>Of such a copy: the id that all copies of the file share, where it is known; else empty.</summary>
    public string File { get; init; } = "";

    /// <summary>Of a copy whose file is not known: the message of the same channel that it was made of; else 0.</summary>
    public int Source { get; init; }

    /// <summary>The message it became, where that is known and no row may have come to name it; else 0.</summary>
    public int Message { get; init; }

    /// <summary>What it takes to delete the message it became.</summary>
    public ChunkReceipt Posted => new(BotId, ChatId, Message, "", File, 0);

    /// <summary>Between which messages it is, now that its call is over.</summary>
    /// <param name="newest">The highest message of the channel that is known.</param>
    public PostIntent Bound(int newest)
    {
        var until = newest + Beyond;
        var after = After > 0 ? After : Math.Max(0, until - Furthest);
        return this with { After = after, Until = Math.Min(until, after + Furthest) };
    }

    /// <summary>Whether a document is the one that was to be posted; a copy of a copy is told by <see cref="IsCopyOf"/>.</summary>
    public bool IsOf(FoundDocument found) =>
        IsBetween(found)
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
        && copy.Receipt.MessageId > Source
        && IsBetween(copy);

    bool IsBetween(FoundDocument found) =>
        found.Receipt.ChatId == ChatId && found.Receipt.MessageId > After && found.Receipt.MessageId <= Until;
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
