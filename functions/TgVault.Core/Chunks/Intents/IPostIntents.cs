namespace TgVault.Core.Chunks.Intents;

/// <summary>
/// What a store was about to post. Posting is not idempotent, and a store cannot be listed: a document whose answer was lost, or came as
/// the process was killed, is known to nobody. So its name is noted before, and a note that nobody took back says what to look for.
/// </summary>
interface IPostIntents
{
    /// <summary>
    /// Those whose end nobody knows: the call failed without saying whether it posted, or its process is gone. What is under way is not
    /// among them, nor what ended just now.
    /// </summary>
    Task<List<PostIntent>> ListUnknownAsync(CancellationToken cancellationToken);

    /// <summary>How many are noted, whatever became of them.</summary>
    Task<int> CountAsync(CancellationToken cancellationToken);

    /// <summary>Whether a copy of the same file is under way, or was made so recently that its row may not be there.</summary>
    Task<bool> IsUnderWayAsync(PostIntent copy, CancellationToken cancellationToken);

    /// <summary>The highest message of a channel that was seen; 0: none.</summary>
    int NewestIn(long chat);

    /// <summary>Notes between which messages a document is whose end nobody knows: those that come later are not it.</summary>
    /// <param name="intent">A note.</param>
    /// <param name="newest">The highest message of its channel that is known.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<PostIntent> BoundAsync(PostIntent intent, int newest, CancellationToken cancellationToken);

    /// <summary>What a message holds; null where it holds no document, or is not there. Costs a message posted and deleted.</summary>
    /// <param name="intent">Says which channel, and which bot would have posted the message.</param>
    /// <param name="message">Its number.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ChunkStoreException">The store does not answer for now.</exception>
    Task<FoundDocument?> LookAsync(PostIntent intent, int message, CancellationToken cancellationToken);

    /// <summary>Takes a note back: the document was found, or was never posted.</summary>
    Task ForgetAsync(PostIntent intent, CancellationToken cancellationToken);

    /// <summary>Takes back the notes of what ended well, but for what ended just now.</summary>
    Task TidyAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Takes back the notes of what ended well, as the process ends. What was posted just now may have no row, and never get one: its note
    /// stays, and says which message it is.
    /// </summary>
    Task EndAsync(CancellationToken cancellationToken);
}
