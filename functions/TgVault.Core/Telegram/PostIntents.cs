using System.Collections.Concurrent;
using System.Security.Cryptography;
using TgVault.Core.Chunks.Intents;
using TgVault.Core.Rows;

namespace TgVault.Core.Telegram;

/// <summary>How a call ended that was to post.</summary>
enum PostEnd
{
    /// <summary>Whoever asked for it has the receipt.</summary>
    Posted,

    /// <summary>Telegram refused it, or was not reached.</summary>
    NotPosted,

    /// <summary>There was no answer that says.</summary>
    Unknown,
}

/// <summary>
/// What is about to be posted, as rows of the vault's table in partition <c>posting</c>. A row is written before each call. It is removed
/// a while after the call ended well, many at once: by then whoever posted has recorded the document. What is younger than that when the
/// process ends stays, with its message: whether it was recorded is for the next process to see.
/// </summary>
/// <param name="table">The vault's table.</param>
/// <param name="isAlone">Whether no other process can use the table: a note that is not this one's is then of one that is gone.</param>
/// <param name="time">The clock.</param>
sealed class PostIntents(IRowTable table, bool isAlone, TimeProvider time)
{
    const string Partition = "posting";
    const int KeyBytes = 16;
    const int TidyFrom = 16;
    const int AtOnce = 100;

    /// <summary>From an answer to the row that says where the document lies; also on a machine that hardly runs.</summary>
    internal static readonly TimeSpan ToRecord = TimeSpan.FromSeconds(30);

    /// <summary>A call may be carried out a little after its caller gave it up.</summary>
    internal static readonly TimeSpan Late = TimeSpan.FromSeconds(10);

    /// <summary>No call of another instance is under way so long.</summary>
    internal static readonly TimeSpan LongestCall = TimeSpan.FromMinutes(15);

    /// <summary>After that a bot may not delete what it finds.</summary>
    static readonly TimeSpan Useful = TimeSpan.FromHours(48);

    readonly ConcurrentDictionary<string, bool> _underWay = new();
    readonly ConcurrentDictionary<string, DateTimeOffset> _unknown = new();
    readonly ConcurrentDictionary<string, (PostIntent Intent, DateTimeOffset At)> _over = new();
    int _tidying;

    /// <summary>The highest messages that this process and those before it have seen.</summary>
    public NewestMessages Newest { get; } = new(table);

    /// <summary>Notes what is about to be posted.</summary>
    public async Task<PostIntent> BeginAsync(PostIntent about, CancellationToken cancellationToken)
    {
        await Newest.LoadAsync(cancellationToken);
        var intent = about with
        {
            Key = RandomNumberGenerator.GetHexString(2 * KeyBytes, lowercase: true),
            Begun = time.GetUtcNow(),
            // A copy is newer than what it is made of.
            After = Math.Max(Newest.In(about.ChatId), about.Source),
        };
        _underWay[intent.Key] = true;
        try
        {
            await table.PutAsync(ToRow(intent), cancellationToken);
        }
        catch
        {
            // Nothing is posted without it; a row that was written all the same is looked after as one whose end nobody knows.
            End(intent, PostEnd.Unknown);
            throw;
        }

        if (_over.Count >= TidyFrom && Interlocked.Exchange(ref _tidying, 1) == 0)
        {
            try
            {
                await TidyAsync(cancellationToken);
            }
            finally
            {
                Volatile.Write(ref _tidying, 0);
            }
        }

        return intent;
    }

    /// <summary>Notes how it ended, in this process; its row is removed later.</summary>
    /// <param name="intent">With its message, where it was posted.</param>
    /// <param name="end">How it ended.</param>
    public void End(PostIntent intent, PostEnd end)
    {
        if (end == PostEnd.Unknown)
            _unknown[intent.Key] = time.GetUtcNow();
        else
            _over[intent.Key] = (intent, end == PostEnd.Posted ? time.GetUtcNow() : DateTimeOffset.MinValue);
        _underWay.TryRemove(intent.Key, out _);
    }

    /// <inheritdoc cref="IPostIntents.TidyAsync"/>
    public async Task TidyAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - ToRecord;
        var over = _over.Where(ended => ended.Value.At < before).Select(ended => ended.Key).ToList();
        foreach (var keys in over.Chunk(AtOnce))
        {
            var removals = keys.Select(key => new RowChange(RowChangeKind.Delete, new Row(Partition, key))).ToList();
            if (!await table.TryChangeAsync(removals, cancellationToken))
            {
                foreach (var key in keys)
                    await table.DeleteAsync(Partition, key, cancellationToken);
            }

            foreach (var key in keys)
                _over.TryRemove(key, out _);
        }

        await Newest.SaveAsync(cancellationToken);
    }

    /// <inheritdoc cref="IPostIntents.EndAsync"/>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        await TidyAsync(cancellationToken);
        foreach (var (key, (intent, at)) in _over)
        {
            await table.PutAsync(ToRow(intent with { Begun = at }), cancellationToken);
            _over.TryRemove(key, out _);
        }
    }

    /// <inheritdoc cref="IPostIntents.BoundAsync"/>
    public async Task<PostIntent> BoundAsync(PostIntent intent, int newest, CancellationToken cancellationToken)
    {
        var bound = intent.Bound(newest);
        await table.PutAsync(ToRow(bound), cancellationToken);
        return bound;
    }

    /// <inheritdoc cref="IPostIntents.ForgetAsync"/>
    public async Task ForgetAsync(PostIntent intent, CancellationToken cancellationToken)
    {
        await table.DeleteAsync(Partition, intent.Key, cancellationToken);
        _unknown.TryRemove(intent.Key, out _);
    }

    /// <summary>Every note there is, with the time it was made, and whether nobody knows what became of it.</summary>
    public async Task<List<(PostIntent Intent, bool IsUnknown)>> ListAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var found = new List<(PostIntent, bool)>();
        await foreach (var row in table.ListAsync(RowRange.Of(Partition), RowLimits.MostPageRows, null, cancellationToken))
        {
            var intent = FromRow(row);
            if (now - intent.Begun > Useful)
                await ForgetAsync(intent, cancellationToken);
            else
                found.Add((intent, IsUnknown(intent, now)));
        }

        return found;
    }

    bool IsUnknown(PostIntent intent, DateTimeOffset now) =>
        _unknown.TryGetValue(intent.Key, out var ended)
            ? now - ended > Late
            : !_underWay.ContainsKey(intent.Key) && !_over.ContainsKey(intent.Key) && now - intent.Begun > (isAlone ? Late : LongestCall);

    static Row ToRow(PostIntent intent) =>
        new(Partition, intent.Key)
        {
            [nameof(PostIntent.BotId)] = intent.BotId,
            [nameof(PostIntent.ChatId)] = intent.ChatId,
            [nameof(PostIntent.After)] = intent.After,
            [nameof(PostIntent.Until)] = intent.Until,
            [nameof(PostIntent.Name)] = intent.Name,
            [nameof(PostIntent.File)] = intent.File,
            [nameof(PostIntent.Source)] = intent.Source,
            [nameof(PostIntent.Message)] = intent.Message,
            [nameof(PostIntent.Begun)] = intent.Begun,
        };

    static PostIntent FromRow(Row row) =>
        new()
        {
            Key = row.Key,
            BotId = row.Int64(nameof(PostIntent.BotId)) ?? 0,
            ChatId = row.Int64(nameof(PostIntent.ChatId)) ?? 0,
            After = row.Int32(nameof(PostIntent.After)) ?? 0,
            Until = row.Int32(nameof(PostIntent.Until)) ?? 0,
            Name = row.Text(nameof(PostIntent.Name)) ?? "",
            File = row.Text(nameof(PostIntent.File)) ?? "",
            Source = row.Int32(nameof(PostIntent.Source)) ?? 0,
            Message = row.Int32(nameof(PostIntent.Message)) ?? 0,
            Begun = row.Time(nameof(PostIntent.Begun)) ?? default,
        };
}
