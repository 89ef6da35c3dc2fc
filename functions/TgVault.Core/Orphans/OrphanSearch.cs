using Microsoft.Extensions.Logging;
using TgVault.Core.Chunks;
using TgVault.Core.Chunks.Intents;

namespace TgVault.Core.Orphans;

/// <summary>
/// Finds documents that were posted without the vault knowing, because the answer was lost or the process was killed, and discards them. It
/// looks at those messages only that can have come of such a call and that no row names, and takes for an orphan only what bears the name,
/// or is the copy, that was noted before the call. What else is in the channel is left alone. Where a note says which message it became, as
/// after a process that ended in good order, it asks Telegram nothing: either a row names it or it is an orphan.
/// </summary>
public sealed partial class OrphanSearch
{
    /// <summary>How long it looks at messages at most.</summary>
    static readonly TimeSpan MostAtOnce = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long what the rows name is taken to be all that they name. Shorter than notes outlive their calls, so what is posted meanwhile
    /// is known to be under way. It matters for copies only: several documents may be copies of one file.
    /// </summary>
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(15);

    readonly INamedDocuments _named;
    readonly IDiscardedDocuments _discarded;
    readonly List<(IPostIntents Intents, IChunkStore Store)> _places;
    readonly TimeProvider _time;
    readonly ILogger<OrphanSearch> _logger;

    // Messages that were looked at, with what they hold. A look costs a call.
    readonly Dictionary<(long Chat, int Message), Seen> _looked = [];

    internal OrphanSearch(
        INamedDocuments named,
        IDiscardedDocuments discarded,
        IEnumerable<(IPostIntents Intents, IChunkStore Store)> places,
        TimeProvider time,
        ILogger<OrphanSearch> logger
    ) => (_named, _discarded, _places, _time, _logger) = (named, discarded, [.. places], time, logger);

    /// <summary>How long the last call read what the rows name: it grows with the library.</summary>
    internal TimeSpan ListingTook { get; private set; }

    /// <summary>How many documents were about to be posted, as far as is noted; of most of them the end is known, or will be.</summary>
    public async Task<int> CountAsync(CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var place in _places)
            count += await place.Intents.CountAsync(cancellationToken);
        return count;
    }

    /// <summary>
    /// Looks for some time at most; true where nothing is left to look for. Where the time was up, or Telegram does not answer for now,
    /// another call goes on. One caller at a time.
    /// </summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await LookForAllAsync(cancellationToken);
        }
        catch (ChunkStoreException)
        {
            return false;
        }
    }

    /// <summary>Takes back notes as the process ends: nobody is at work any more.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        foreach (var (intents, _) in _places)
            await intents.EndAsync(cancellationToken);
    }

    async Task<bool> LookForAllAsync(CancellationToken cancellationToken)
    {
        ListingTook = TimeSpan.Zero;
        var unknown = new List<UnknownPost>();
        foreach (var (intents, store) in _places)
        {
            await intents.TidyAsync(cancellationToken);
            unknown.AddRange((await intents.ListUnknownAsync(cancellationToken)).Select(intent => new UnknownPost(intent, intents, store)));
        }

        var named = unknown
            .GroupBy(post => post.Intent.ChatId)
            .ToDictionary(
                chat => chat.Key,
                chat => new NamedMessages(_places.Max(place => place.Intents.NewestIn(chat.Key)), chat.Select(post => post.Intent))
            );
        foreach (var (chat, message) in _looked.Keys)
        {
            if (!named.TryGetValue(chat, out var messages) || !messages.IsAsked(message))
                _looked.Remove((chat, message));
        }

        if (unknown.Count == 0)
            return true;
        var began = _time.GetTimestamp();
        await foreach (var document in _named.ListAsync(cancellationToken))
        {
            if (named.TryGetValue(document.ChatId, out var messages))
                messages.Add(document.MessageId);
        }

        var listed = _time.GetTimestamp();
        ListingTook = _time.GetElapsedTime(began, listed);
        foreach (var post in unknown.Where(post => post.Intent.Message > 0))
        {
            if (!named[post.Intent.ChatId].Contains(post.Intent.Message))
                await DiscardAsync(post, post.Intent.Posted);
            else
                await post.Intents.ForgetAsync(post.Intent, cancellationToken);
        }

        var bound = new List<UnknownPost>();
        foreach (var post in unknown.Where(post => post.Intent.Message == 0))
            bound.Add(await BoundAsync(post, named[post.Intent.ChatId].Newest, cancellationToken));
        // The latest first: what a copy of a copy is can be told only while its source is there. And so no copy is taken that only an
        // earlier one can be.
        var round = new Round(named, began, listed);
        foreach (var post in bound.OrderByDescending(post => post.Intent.After))
        {
            if (!await LookForAsync(post, round, cancellationToken))
                return false;
        }

        return !round.IsUnsure;
    }

    /// <summary>What comes later is not it, however long the search takes.</summary>
    static async Task<UnknownPost> BoundAsync(UnknownPost post, int newest, CancellationToken cancellationToken) =>
        post.Intent.Until > 0 ? post : post with { Intent = await post.Intents.BoundAsync(post.Intent, newest, cancellationToken) };

    /// <summary>Looks at what it can have become; false where the time was up first.</summary>
    async Task<bool> LookForAsync(UnknownPost post, Round round, CancellationToken cancellationToken)
    {
        var intent = post.Intent;
        var named = round.Named[intent.ChatId];
        FoundDocument? source = null;
        FoundDocument? found = null;
        var isUnsure = false;
        foreach (var message in MessagesOf(intent).Where(message => !named.Contains(message)))
        {
            var key = (intent.ChatId, message);
            if (round.Absent.Contains(key))
                continue;
            var isKnown = _looked.TryGetValue(key, out var seen);
            if (!isKnown || !(seen.IsSure || round.Refused.Contains(key)))
            {
                if (_time.GetElapsedTime(round.Listed) > MostAtOnce)
                    return false;
                var held = await post.Intents.LookAsync(intent, message, cancellationToken);
                // A number that was not given out yet may hold anything the next time.
                if (held is null && message > Math.Max(named.Newest, post.Intents.NewestIn(intent.ChatId)))
                {
                    round.Absent.Add(key);
                    continue;
                }

                _looked[key] = seen = new Seen(held, IsSure: held is not null || isKnown);
                if (!seen.IsSure)
                    round.Refused.Add(key);
            }

            isUnsure |= !seen.IsSure;
            var document = seen.Document;
            if (document is null)
                continue;
            if (message == intent.Source)
                source = document;
            if (!intent.IsOf(document) && (source is null || !intent.IsCopyOf(source, document)))
                continue;
            // Of copies the last: the others may be those of earlier calls.
            found = document;
            if (intent.Name.Length > 0)
                break;
        }

        if (found is null && isUnsure)
        {
            round.IsUnsure = true;
            return true;
        }

        if (found is null)
        {
            // It was never posted.
            await post.Intents.ForgetAsync(intent, cancellationToken);
            return true;
        }

        // Of a file that is copied just now nobody can say which copy is which.
        var isCopying =
            intent.File.Length > 0
            && (_time.GetElapsedTime(round.Began) > Fresh || await post.Intents.IsUnderWayAsync(intent, cancellationToken));
        if (!isCopying)
        {
            await DiscardAsync(post, found.Receipt);
            _looked[(intent.ChatId, found.Receipt.MessageId)] = new Seen(null, IsSure: true);
        }

        return true;
    }

    /// <summary>What to look at: first what a copy was made of, which says what the copy is.</summary>
    static IEnumerable<int> MessagesOf(PostIntent intent)
    {
        if (intent.Source > 0)
            yield return intent.Source;
        for (var message = intent.After + 1; message <= intent.Until; message++)
            yield return message;
    }

    async Task DiscardAsync(UnknownPost post, ChunkReceipt receipt)
    {
        await _discarded.DiscardAsync(post.Store, receipt);
        await post.Intents.ForgetAsync(post.Intent, CancellationToken.None);
        LogFound(_logger, receipt.MessageId, receipt.ChatId);
    }

    /// <summary>A document of which nobody knows whether it was posted.</summary>
    /// <param name="Intent">The note.</param>
    /// <param name="Intents">Where it is noted.</param>
    /// <param name="Store">Where it would be.</param>
    sealed record UnknownPost(PostIntent Intent, IPostIntents Intents, IChunkStore Store);

    /// <summary>One look at all of them.</summary>
    /// <param name="Named">What the rows name in each channel.</param>
    /// <param name="Began">When reading the rows began.</param>
    /// <param name="Listed">When it ended.</param>
    sealed record Round(Dictionary<long, NamedMessages> Named, long Began, long Listed)
    {
        /// <summary>Numbers that were not given out yet. What was posted before this round began is none of them.</summary>
        public HashSet<(long Chat, int Message)> Absent { get; } = [];

        /// <summary>Those of which the first look, in this round, said that there is nothing.</summary>
        public HashSet<(long Chat, int Message)> Refused { get; } = [];

        /// <summary>Whether there is a document that only another round can call never posted.</summary>
        public bool IsUnsure { get; set; }
    }

    /// <summary>What a message was seen to hold.</summary>
    /// <param name="Document">The document; null: none.</param>
    /// <param name="IsSure">
    /// Whether it is certain. That there is nothing is certain once two rounds saw it so: a store may say it in passing trouble.
    /// </param>
    readonly record struct Seen(FoundDocument? Document, bool IsSure);

    [LoggerMessage(
        435,
        LogLevel.Information,
        "Message {Message} of channel {Channel} was posted without the vault being told: it is removed"
    )]
    static partial void LogFound(ILogger logger, int message, long channel);
}
