using Microsoft.Extensions.Logging;
using TgVault.Core.Chunks;
using TgVault.Core.Chunks.Intents;

namespace TgVault.Core.Orphans;

/// <summary>
/// Finds documents that were posted without the vault knowing, because the answer was lost or the process was killed, and discards them. It
/// looks at those messages only that came after such a call began and that no row names, the newest first, and takes for an orphan only
/// what bears the name, or is the copy, that was noted before the call. What else is in the channel is left alone. Where a note says which
/// message it became, as after a process that ended in good order, it asks Telegram nothing: either a row names it or it is an orphan.
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

    // Messages that were looked at, with what they hold; null: no document. A look costs a call.
    readonly Dictionary<(long Chat, int Message), FoundDocument?> _looked = [];

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
        var unknown = new List<(PostIntent Intent, IPostIntents Intents, IChunkStore Store)>();
        foreach (var (intents, store) in _places)
        {
            await intents.TidyAsync(cancellationToken);
            unknown.AddRange((await intents.ListUnknownAsync(cancellationToken)).Select(intent => (intent, intents, store)));
        }

        if (unknown.Count == 0)
        {
            _looked.Clear();
            return true;
        }

        var began = _time.GetTimestamp();
        var named = unknown
            .Select(one => one.Intent.ChatId)
            .Distinct()
            .ToDictionary(
                chat => chat,
                chat => new NamedMessages(
                    _places.Max(place => place.Intents.NewestIn(chat)),
                    unknown.Where(one => one.Intent.ChatId == chat).Select(one => one.Intent.Message)
                )
            );
        await foreach (var document in _named.ListAsync(cancellationToken))
        {
            if (named.TryGetValue(document.ChatId, out var messages))
                messages.Add(document.MessageId);
        }

        var listed = _time.GetTimestamp();
        ListingTook = _time.GetElapsedTime(began, listed);
        foreach (var (intent, intents, store) in unknown.Where(one => one.Intent.Message > 0))
        {
            if (!named[intent.ChatId].Contains(intent.Message))
                await DiscardAsync(intent, intents, store, intent.Posted);
            else
                await intents.ForgetAsync(intent, cancellationToken);
        }

        foreach (var chat in unknown.Where(one => one.Intent.Message == 0).GroupBy(one => one.Intent.ChatId))
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
        var copies = new SortedDictionary<int, FoundDocument>();
        for (var message = last; message >= first && unknown.Count > 0; message--)
        {
            if (named.Contains(message))
                continue;
            if (!_looked.TryGetValue((chat, message), out var found))
            {
                if (_time.GetElapsedTime(listed) > MostAtOnce)
                    return false;
                found = await unknown[0].Intents.LookAsync(unknown[0].Intent, message, cancellationToken);
                // A number that was not given out yet may hold anything the next time.
                if (found is not null || message <= last - Beyond)
                    _looked[(chat, message)] = found;
            }

            if (found is null)
                continue;
            var place = unknown.FindIndex(one => one.Intent.Name.Length > 0 && one.Intent.IsOf(found));
            if (place < 0)
            {
                copies.Add(message, found);
                continue;
            }

            await DiscardAsync(unknown[place].Intent, unknown[place].Intents, unknown[place].Store, found.Receipt);
            unknown.RemoveAt(place);
        }

        var orphans = Match(unknown, copies);
        // The newest first: what a copy of a copy is can be told only while its source is there.
        for (var i = orphans.Count - 1; i >= 0; i--)
        {
            var ((intent, intents, store), found) = orphans[i];
            // Of a file that is copied just now nobody can say which copy is which.
            if (!await IsUnsureAsync(intent, intents))
                await DiscardAsync(intent, intents, store, found.Receipt);
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

    /// <summary>Which of these are the copies that were to be made, the oldest first; takes their notes out of the list.</summary>
    static List<((PostIntent Intent, IPostIntents Intents, IChunkStore Store) Noted, FoundDocument Found)> Match(
        List<(PostIntent Intent, IPostIntents Intents, IChunkStore Store)> unknown,
        SortedDictionary<int, FoundDocument> copies
    )
    {
        var matched = new List<((PostIntent, IPostIntents, IChunkStore), FoundDocument)>();
        foreach (var found in copies.Values)
        {
            var place = unknown.FindIndex(one =>
                one.Intent.IsOf(found) || (copies.TryGetValue(one.Intent.Source, out var source) && one.Intent.IsCopyOf(source, found))
            );
            if (place < 0)
                continue;
            matched.Add((unknown[place], found));
            unknown.RemoveAt(place);
        }

        return matched;
    }

    async Task DiscardAsync(PostIntent intent, IPostIntents intents, IChunkStore store, ChunkReceipt receipt)
    {
        await _discarded.DiscardAsync(store, receipt);
        await intents.ForgetAsync(intent, CancellationToken.None);
        LogFound(_logger, receipt.MessageId, receipt.ChatId);
    }

    /// <summary>The messages of one channel that the rows name, as far as anybody looks back.</summary>
    /// <param name="newest">The highest number that is known to be given out.</param>
    /// <param name="asked">Those that are asked for, however old they are.</param>
    sealed class NamedMessages(int newest, IEnumerable<int> asked)
    {
        readonly SortedSet<int> _highest = [];
        readonly HashSet<int> _asked = [.. asked];
        readonly HashSet<int> _askedAndNamed = [];

        public int Newest { get; private set; } = newest;

        public void Add(int message)
        {
            Newest = Math.Max(Newest, message);
            if (_asked.Contains(message))
                _askedAndNamed.Add(message);
            if (_highest.Count == Furthest && message < _highest.Min)
                return;
            _highest.Add(message);
            if (_highest.Count > Furthest)
                _highest.Remove(_highest.Min);
        }

        public bool Contains(int message) => _highest.Contains(message) || _askedAndNamed.Contains(message);
    }

    [LoggerMessage(
        435,
        LogLevel.Information,
        "Message {Message} of channel {Channel} was posted without the vault being told: it is removed"
    )]
    static partial void LogFound(ILogger logger, int message, long channel);
}
