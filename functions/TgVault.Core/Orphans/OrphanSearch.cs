using Microsoft.Extensions.Logging;
using TgVault.Core.Chunks;
using TgVault.Core.Chunks.Intents;

namespace TgVault.Core.Orphans;

/// <summary>
/// Finds documents that were posted without the vault knowing, because the answer was lost or the process was killed, and discards them. It
/// looks at those messages only that came after such a call began and that no row names, the newest first, and takes for an orphan only
/// what bears the name, or is the copy, that was noted before the call. What else is in the channel is left alone.
/// </summary>
public sealed partial class OrphanSearch
{
    /// <summary>
    /// A message may be newer than the newest that is known: calls post at the same time, and the last answers are those that are lost.
    /// </summary>
    const int Beyond = 32;

    /// <summary>Where a note does not say after which message to look.</summary>
    const int Furthest = 2_000;

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

    // Messages that were looked at and hold no document. A look costs a call.
    readonly HashSet<(long Chat, int Message)> _empty = [];

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

    /// <summary>Takes back the notes of what has ended, as nobody is at work any more.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        foreach (var (intents, _) in _places)
            await intents.TidyAsync(everything: true, cancellationToken);
    }

    async Task<bool> LookForAllAsync(CancellationToken cancellationToken)
    {
        ListingTook = TimeSpan.Zero;
        var unknown = new List<(PostIntent Intent, IPostIntents Intents, IChunkStore Store)>();
        foreach (var (intents, store) in _places)
        {
            await intents.TidyAsync(everything: false, cancellationToken);
            unknown.AddRange((await intents.ListUnknownAsync(cancellationToken)).Select(intent => (intent, intents, store)));
        }

        if (unknown.Count == 0)
        {
            _empty.Clear();
            return true;
        }

        var began = _time.GetTimestamp();
        var named = unknown
            .Select(one => one.Intent.ChatId)
            .Distinct()
            .ToDictionary(chat => chat, chat => new NamedMessages(_places.Max(place => place.Intents.NewestIn(chat))));
        await foreach (var document in _named.ListAsync(cancellationToken))
        {
            if (named.TryGetValue(document.ChatId, out var messages))
                messages.Add(document.MessageId);
        }

        var listed = _time.GetTimestamp();
        ListingTook = _time.GetElapsedTime(began, listed);
        foreach (var chat in unknown.GroupBy(one => one.Intent.ChatId))
        {
            if (!await LookAsync([.. chat], named[chat.Key], began, listed, cancellationToken))
                return false;
        }

        return true;
    }

    /// <summary>Looks at what one channel has; false where the time was up first.</summary>
    async Task<bool> LookAsync(
        List<(PostIntent Intent, IPostIntents Intents, IChunkStore Store)> unknown,
        NamedMessages named,
        long began,
        long listed,
        CancellationToken cancellationToken
    )
    {
        var chat = unknown[0].Intent.ChatId;
        var last = named.Newest + Beyond;
        var first = Math.Max(unknown.Min(one => one.Intent.After) + 1, last - Furthest);
        for (var message = last; message >= first && unknown.Count > 0; message--)
        {
            if (named.Contains(message) || _empty.Contains((chat, message)))
                continue;
            if (_time.GetElapsedTime(listed) > MostAtOnce)
                return false;
            var (asked, intents, store) = unknown[0];
            if (await intents.LookAsync(asked, message, cancellationToken) is not { } found)
            {
                // A number that was not given out yet may hold anything the next time.
                if (message <= last - Beyond)
                    _empty.Add((chat, message));
                continue;
            }

            var place = unknown.FindIndex(one => one.Intent.IsOf(found));
            if (place < 0)
                continue;
            (asked, intents, store) = unknown[place];
            // Of a file that is copied just now nobody can say which copy is which.
            if (await IsUnsureAsync(asked, intents))
                continue;
            await _discarded.DiscardAsync(store, found.Receipt);
            await intents.ForgetAsync(asked, cancellationToken);
            unknown.RemoveAt(place);
            LogFound(_logger, message, chat);
        }

        // What was not found was never posted.
        foreach (var (intent, intents, _) in unknown)
        {
            if (!await IsUnsureAsync(intent, intents))
                await intents.ForgetAsync(intent, cancellationToken);
        }

        return true;

        async Task<bool> IsUnsureAsync(PostIntent intent, IPostIntents intents) =>
            intent.File.Length > 0 && (_time.GetElapsedTime(began) > Fresh || await intents.IsUnderWayAsync(intent, cancellationToken));
    }

    /// <summary>The messages of one channel that the rows name, as far as anybody looks back.</summary>
    /// <param name="newest">The highest number that is known to be given out.</param>
    sealed class NamedMessages(int newest)
    {
        readonly SortedSet<int> _highest = [];

        public int Newest { get; private set; } = newest;

        public void Add(int message)
        {
            Newest = Math.Max(Newest, message);
            if (_highest.Count == Furthest && message < _highest.Min)
                return;
            _highest.Add(message);
            if (_highest.Count > Furthest)
                _highest.Remove(_highest.Min);
        }

        public bool Contains(int message) => _highest.Contains(message);
    }

    [LoggerMessage(
        435,
        LogLevel.Information,
        "Message {Message} of channel {Channel} was posted without the vault being told: it is removed"
    )]
    static partial void LogFound(ILogger logger, int message, long channel);
}
