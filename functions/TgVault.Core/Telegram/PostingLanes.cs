using Microsoft.Extensions.Logging;
using Telegram.Bot.Types;
using TgVault.Core.Settings;
using TgVault.Core.Telemetry;

namespace TgVault.Core.Telegram;

/// <summary>One bot posting in one channel.</summary>
sealed record Lane(TelegramBot Bot, long Channel, SendPace Pace);

/// <summary>Every bot in every channel, each at a pace of its own.</summary>
sealed class PostingLanes
{
    readonly TimeSpan _longestWait;
    readonly ILogger _logger;
    int _turn;

    public PostingLanes(TelegramBots bots, TelegramSettings settings, TimeProvider time, ILogger logger)
    {
        All =
        [
            .. settings.Channels.SelectMany(channel =>
                bots.All.Select(bot => new Lane(bot, channel, new SendPace(settings.MessagesPerMinute, time)))
            ),
        ];
        _longestWait = TimeSpan.FromSeconds(settings.LongestWaitInPlaceSeconds);
        _logger = logger;
    }

    public IReadOnlyList<Lane> All { get; }

    /// <summary>The first bot in the first channel: where what is pinned goes.</summary>
    public Lane First => All[0];

    /// <summary>The lane that may post soonest; among equals each in turn.</summary>
    public Lane Next()
    {
        var turn = (uint)Interlocked.Increment(ref _turn) - 1;
        return Enumerable.Range(0, All.Count).Select(i => All[(int)((turn + (uint)i) % (uint)All.Count)]).MinBy(lane => lane.Pace.Wait)!;
    }

    /// <summary>The lane in this channel that may post soonest; null where no lane leads there.</summary>
    public Lane? SoonestIn(long channel) => All.Where(lane => lane.Channel == channel).MinBy(lane => lane.Pace.Wait);

    /// <summary>Posts by a lane at its pace. Where Telegram asks to wait, the whole lane waits.</summary>
    /// <exception cref="ChunkStoreException">It was not posted, as far as anybody knows.</exception>
    public async Task<Message> PostAsync(Lane lane, string call, Func<Task<Message>> post, CancellationToken cancellationToken)
    {
        await TakePlaceAsync(lane, cancellationToken);
        try
        {
            return await post();
        }
        catch (Exception exception)
        {
            if (TelegramReply.FailureOf(exception, call, cancellationToken) is not ChunkStoreException failure)
                throw new OperationCanceledException(cancellationToken);
            if (failure.RetryAfter is { } pause)
            {
                _logger.TelegramAsksToWait(lane.Bot.Id, lane.Channel, pause.TotalSeconds);
                lane.Pace.Pause(pause);
            }

            throw failure;
        }
    }

    async Task TakePlaceAsync(Lane lane, CancellationToken cancellationToken)
    {
        do
        {
            if (lane.Pace.TryTake(_longestWait) is not { } wait)
                throw new ChunkStoreException(
                    ChunkStoreFailure.Transient,
                    "Telegram's pace for this channel is used up for now.",
                    lane.Pace.Wait
                )
                {
                    Trouble = ChunkStoreTrouble.Pace,
                };
            if (wait == TimeSpan.Zero)
                continue;
            VaultWaits.Record(WaitReason.Pace, wait);
            await Task.Delay(wait, lane.Pace.Time, cancellationToken);
        }
        // While we waited another message may have been told to wait longer: that holds for this one too.
        while (lane.Pace.IsPaused);
    }
}
