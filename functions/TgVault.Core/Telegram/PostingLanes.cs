using Microsoft.Extensions.Logging;
using Telegram.Bot.Types;
using TgVault.Core.Chunks.Intents;
using TgVault.Core.Rows;
using TgVault.Core.Settings;
using TgVault.Core.Telegram.Pacing;
using TgVault.Core.Telemetry;

namespace TgVault.Core.Telegram;

/// <summary>One bot posting in one channel.</summary>
sealed record Lane(TelegramBot Bot, long Channel, SendPace Pace);

/// <summary>A call that posts a document.</summary>
/// <param name="Call">The Bot API's name of it.</param>
/// <param name="Name">The document's name, which no other has; empty for a copy.</param>
/// <param name="File">Of a copy: the id that all copies of the file share, where it is known.</param>
/// <param name="Source">Of a copy whose file is not known: the message of the same channel that it is made of.</param>
readonly record struct Posting(string Call, string Name = "", string File = "", int Source = 0);

/// <summary>Every bot in every channel, each at a pace of its own, which all instances of the vault share where there are rows.</summary>
sealed class PostingLanes
{
    readonly NewestMessages _newest;
    readonly TelegramSettings _settings;
    readonly TimeSpan _longestWait;
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly PostIntents? _intents;
    int _turn;

    /// <param name="bots">The bots.</param>
    /// <param name="settings">Channels, and their pace.</param>
    /// <param name="shared">The vault's table; null where this process alone posts.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of waits.</param>
    /// <param name="intents">Where it is noted what is about to be posted; null: nowhere.</param>
    public PostingLanes(
        TelegramBots bots,
        TelegramSettings settings,
        IRowTable? shared,
        TimeProvider time,
        ILogger logger,
        PostIntents? intents = null
    )
    {
        var clock = shared is null ? null : new TableClock(shared, time);
        All =
        [
            .. settings.Channels.SelectMany(channel =>
                bots.All.Select(bot => new Lane(
                    bot,
                    channel,
                    new SendPace(settings.MessagesPerMinute, time, clock is null ? null : PaceRow.Of(shared!, bot.Id, channel, clock))
                ))
            ),
        ];
        _settings = settings;
        _longestWait = TimeSpan.FromSeconds(settings.LongestWaitInPlaceSeconds);
        _time = time;
        _logger = logger;
        _intents = intents;
        _newest = intents?.Newest ?? new NewestMessages(table: null);
    }

    public IReadOnlyList<Lane> All { get; }

    /// <summary>The first bot in the first channel: where what is pinned goes, however many messages it has.</summary>
    public Lane First => All[0];

    /// <summary>What is wrong, and what to do, where all channels are full.</summary>
    public string FullMessage =>
        $"Every channel has the {_settings.MessagesPerChannel} messages that TgVault__Telegram__MessagesPerChannel lets it have: "
        + "make another, with the bots as administrators, and add it to TgVault__Telegram__Channels.";

    /// <summary>The lane that may post soonest; among equals each in turn. Channels that are full have none.</summary>
    /// <exception cref="ChunkStoreException">All channels are full.</exception>
    public Lane Next()
    {
        var turn = (uint)Interlocked.Increment(ref _turn) - 1;
        return Enumerable
                .Range(0, All.Count)
                .Select(i => All[(int)((turn + (uint)i) % (uint)All.Count)])
                .Where(lane => !IsFull(lane.Channel))
                .MinBy(lane => lane.Pace.Wait)
            ?? throw new ChunkStoreException(ChunkStoreFailure.Permanent, FullMessage) { Trouble = ChunkStoreTrouble.ChannelsFull };
    }

    /// <summary>How long posting so many messages takes at least from now on, where lanes that have to wait longest are left out.</summary>
    public TimeSpan TimeFor(long messages)
    {
        var spacing = Spacing.Of(_settings.MessagesPerMinute, null);
        var waits = All.Where(lane => !IsFull(lane.Channel)).Select(lane => lane.Pace.Wait.TotalSeconds).Order().ToList();
        if (messages <= 0 || waits.Count == 0 || spacing == TimeSpan.Zero)
            return TimeSpan.Zero;
        // All of the first n lanes end at the same time: each posts for what is left behind its wait.
        return TimeSpan.FromSeconds(
            Enumerable
                .Range(1, waits.Count)
                .Min(lanes => Math.Max(waits[lanes - 1], ((messages * spacing.TotalSeconds) + waits.Take(lanes).Sum()) / lanes))
        );
    }

    /// <summary>The lane in this channel that may post soonest; null where no lane leads there.</summary>
    public Lane? SoonestIn(long channel) => All.Where(lane => lane.Channel == channel).MinBy(lane => lane.Pace.Wait);

    /// <summary>The highest message of a channel that was seen; 0: none.</summary>
    public int NewestIn(long channel) => _newest.In(channel);

    /// <summary>
    /// Posts by a lane at its pace, and notes before that it does so. Where Telegram asks to wait, the whole lane waits.
    /// </summary>
    /// <param name="choose">Says which lane; asked again where it turns out that the lane's time is others'.</param>
    /// <param name="posting">What is posted.</param>
    /// <param name="post">Makes the call.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ChunkStoreException">
    /// It was not posted, as far as anybody knows. Where another lane may post before this one may again, that is when to ask again.
    /// </exception>
    /// <exception cref="Exception">The rows that say whose turn it is could not be read or written: nothing was posted.</exception>
    public async Task<(Lane Lane, Message Message)> PostAsync(
        Func<Lane> choose,
        Posting posting,
        Func<Lane, Task<Message>> post,
        CancellationToken cancellationToken
    )
    {
        var (lane, late) = await TakePlaceAsync(choose, cancellationToken);
        try
        {
            return (lane, await PostAsync(lane, late, posting, post, cancellationToken));
        }
        catch (ChunkStoreException failure)
            when (failure.RetryAfter is { } pause && choose() is var next && next.Pace.Wait < pause && next != lane)
        {
            throw new ChunkStoreException(failure.Failure, failure.Message, next.Pace.Wait) { Trouble = failure.Trouble };
        }
    }

    /// <summary>Posts what a viewer waits for, ahead of what waits for its turn.</summary>
    /// <inheritdoc cref="PostAsync(Func{Lane}, Posting, Func{Lane, Task{Message}}, CancellationToken)"/>
    public async Task<Message> PostAheadAsync(
        Lane lane,
        Posting posting,
        Func<Lane, Task<Message>> post,
        CancellationToken cancellationToken
    )
    {
        if (await lane.Pace.TryTakeAheadAsync(_longestWait, cancellationToken) is not { } wait)
            throw PaceUsedUp(lane);
        await DelayAsync(wait, cancellationToken);
        return await PostAsync(lane, TimeSpan.Zero, posting, post, cancellationToken);
    }

    /// <param name="lane">Which.</param>
    /// <param name="late">How long after its time it is posted.</param>
    /// <param name="posting">What is posted.</param>
    /// <param name="post">Makes the call.</param>
    /// <param name="cancellationToken">Whose cancellation is no failure.</param>
    async Task<Message> PostAsync(
        Lane lane,
        TimeSpan late,
        Posting posting,
        Func<Lane, Task<Message>> post,
        CancellationToken cancellationToken
    )
    {
        var intent = await BeginAsync(lane, posting, cancellationToken);
        var began = _time.GetTimestamp();
        var (end, posted) = (PostEnd.Unknown, 0);
        try
        {
            var message = await post(lane);
            (end, posted) = (PostEnd.Posted, message.Id);
            _newest.See(lane.Channel, message.Id);
            return message;
        }
        catch (Exception exception)
        {
            if (TelegramReply.FailureOf(exception, posting.Call, cancellationToken) is not ChunkStoreException failure)
                throw new OperationCanceledException(cancellationToken);
            if (TelegramReply.SaysNothingWasDone(exception, failure))
                end = PostEnd.NotPosted;
            if (failure.RetryAfter is not { } pause)
                throw failure;
            _logger.TelegramAsksToWait(lane.Bot.Id, lane.Channel, pause.TotalSeconds);
            await PauseAsync(lane, pause);
            throw failure;
        }
        finally
        {
            lane.Pace.Took(late + _time.GetElapsedTime(began));
            if (intent is not null)
                _intents!.End(intent with { Message = posted }, end);
        }
    }

    async Task<PostIntent?> BeginAsync(Lane lane, Posting posting, CancellationToken cancellationToken)
    {
        if (_intents is null)
            return null;
        var about = new PostIntent
        {
            BotId = lane.Bot.Id,
            ChatId = lane.Channel,
            Name = posting.Name,
            File = posting.File,
            Source = posting.Source,
        };
        return await _intents.BeginAsync(about, cancellationToken);
    }

    async Task PauseAsync(Lane lane, TimeSpan pause)
    {
        try
        {
            await lane.Pace.PauseAsync(pause);
        }
#pragma warning disable CA1031 // This process obeys all the same; others are told so by Telegram itself.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _logger.PauseNotShared(exception);
        }
    }

    /// <summary>The lane, and how long after its time this returned: processes are stopped, and machines busy.</summary>
    async Task<(Lane Lane, TimeSpan Late)> TakePlaceAsync(Func<Lane> choose, CancellationToken cancellationToken)
    {
        while (true)
        {
            var lane = choose();
            var taken = _time.GetTimestamp();
            var waited = TimeSpan.Zero;
            var place = lane.Pace.TryTake(_longestWait);
            switch (place.State)
            {
                case PlaceState.TooFar:
                    throw PaceUsedUp(lane);
                case PlaceState.NotLeased:
                    await lane.Pace.LeaseAsync(_longestWait, cancellationToken);
                    continue;
            }

            var shifted = place.Shifted;
            for (var wait = place.Wait; wait > TimeSpan.Zero; wait = lane.Pace.ShiftSince(ref shifted))
            {
                await DelayAsync(wait, cancellationToken);
                waited += wait;
            }

            // While we waited another message may have been told to wait longer: that holds for this one too.
            if (!lane.Pace.IsPaused)
                return (lane, _time.GetElapsedTime(taken) - waited);
        }
    }

    Task DelayAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        if (wait <= TimeSpan.Zero)
            return Task.CompletedTask;
        VaultWaits.Record(WaitReason.Pace, wait);
        return Task.Delay(wait, _time, cancellationToken);
    }

    /// <summary>Whether a channel has as many messages as it may, as far as anybody has seen.</summary>
    public bool IsFull(long channel) => _newest.In(channel) >= _settings.MessagesPerChannel;

    static ChunkStoreException PaceUsedUp(Lane lane) =>
        new(ChunkStoreFailure.Transient, "Telegram's pace for this channel is used up for now.", lane.Pace.Wait)
        {
            Trouble = ChunkStoreTrouble.Pace,
        };
}
