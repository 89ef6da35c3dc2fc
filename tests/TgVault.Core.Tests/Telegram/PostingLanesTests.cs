using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Telegram.Bot.Types;
using TgVault.Core.Rows;
using TgVault.Core.Settings;
using TgVault.Core.Telegram;
using TgVault.Testing;

namespace TgVault.Core.Tests.Telegram;

/// <summary>Bots that post as fast as they may, in minutes of a clock of their own; what Telegram would count is counted.</summary>
public sealed class PostingLanesTests
{
    const int PerMinute = 20;
    const int AtOnce = 4;
    const int Minutes = 10;

    readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero));

    // When each bot posted.
    readonly List<(long Bot, DateTimeOffset At)> _posted = [];

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 1, 3)]
    [InlineData(1, 2, 1)]
    [InlineData(2, 3, 2)]
    public void As_many_bots_post_so_many_times_as_much_whatever_number_of_instances(int bots, int instances, int times)
    {
        var settings = new TelegramSettings
        {
            BaseUrl = "http://127.0.0.1:9",
            Bots = [.. new[] { StandIn.FirstToken, StandIn.SecondToken, StandIn.ThirdToken }.Take(bots).Select(NewBot)],
            Channels = [StandIn.FirstChannel],
            MessagesPerMinute = PerMinute,
            LongestWaitInPlaceSeconds = 60,
        };
        using var clients = new TelegramBots(settings);
        var rows = new MemoryRowStore(_time).Table(VaultTables.Vault);
        using var ending = new CancellationTokenSource();
        var turns = new Turns();
        var posting = turns.Run(() =>
            Enumerable
                .Range(0, instances)
                .Select(_ => new PostingLanes(clients, settings, rows, _time, NullLogger.Instance))
                .SelectMany(lanes => Enumerable.Range(0, AtOnce).Select(_ => PostAsync(lanes, ending.Token)))
                .ToList()
        );

        // The clock stands still while anybody does anything but wait for it.
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromMinutes(Minutes); passed += TimeSpan.FromMilliseconds(100))
            turns.Run(() => _time.Advance(TimeSpan.FromMilliseconds(100)));

        turns.Run(ending.Cancel);
        Assert.All(posting, one => Assert.True(one.IsCanceled, $"{one.Exception}"));
        foreach (var bot in _posted.GroupBy(one => one.Bot, one => one.At))
        {
            var at = bot.Order().ToList();
            Assert.DoesNotContain(at.Zip(at.Skip(PerMinute)), pair => pair.Second - pair.First < TimeSpan.FromMinutes(1));
        }

        Assert.InRange(_posted.Count / (double)(PerMinute * Minutes), times * 0.93, times * 1.01);
    }

    static BotSettings NewBot(string token) => new() { Token = token };

    async Task PostAsync(PostingLanes lanes, CancellationToken cancellationToken)
    {
        while (true)
            await lanes.PostAsync(lanes.Next, new Posting("sendDocument"), Post, cancellationToken);
    }

    Task<Message> Post(Lane lane)
    {
        lock (_posted)
        {
            _posted.Add((lane.Bot.Id, _time.GetUtcNow()));
            return Task.FromResult(new Message { Id = _posted.Count });
        }
    }

    /// <summary>Everything that is awaited goes on in one thread, and is done when a call ends.</summary>
    sealed class Turns : SynchronizationContext
    {
        readonly Queue<(SendOrPostCallback Callback, object? State)> _next = new();

        public override void Post(SendOrPostCallback d, object? state) => _next.Enqueue((d, state));

        public void Run(Action begin) =>
            Run(() =>
            {
                begin();
                return true;
            });

        public T Run<T>(Func<T> begin)
        {
            var before = Current;
            SetSynchronizationContext(this);
            try
            {
                var result = begin();
                while (_next.TryDequeue(out var next))
                    next.Callback(next.State);
                return result;
            }
            finally
            {
                SetSynchronizationContext(before);
            }
        }
    }
}
