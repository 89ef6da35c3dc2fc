using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Rows;
using TgVault.Core.Telegram.Pacing;
using TgVault.Testing;

namespace TgVault.Core.Tests.Telegram.Pacing;

/// <summary>Several instances of a vault post by one bot in one channel, with nothing in common but a row.</summary>
public sealed class SharedPaceTests
{
    const int PerMinute = 20;

    static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    // The store's own clock is another one than those of the instances.
    readonly FakeTimeProvider _storeTime = new(new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero));
    readonly List<FakeTimeProvider> _times = [];
    readonly MemoryRows _rows;

    public SharedPaceTests() => _rows = new MemoryRows(_storeTime);

    [Theory(Timeout = 60_000)]
    [InlineData(1, 4, 0.02, 0.0)]
    [InlineData(2, 4, 0.5, 0.0)]
    [InlineData(3, 4, 2.5, 3600.0)]
    [InlineData(2, 1, 0.2, -7200.0)]
    public async Task However_many_post_no_minute_has_more_than_so_many(int instances, int atOnce, double slowest, double apart)
    {
        var posters = Enumerable
            .Range(0, instances)
            .SelectMany(i =>
            {
                var pace = NewInstance(TimeSpan.FromSeconds(apart * i));
                return Enumerable.Range(0, atOnce).Select(_ => new Poster(pace));
            })
            .ToList();
        var random = new Random(instances);
        var minutes = 15;
        var counted = new List<double>();

        while (posters.MinBy(poster => poster.Next) is { } poster && poster.Next < minutes * 60)
        {
            Advance(poster.Next - Seconds);
            if (await PlaceOfAsync(poster) is not { } wait)
            {
                poster.Next = Seconds + 1;
                continue;
            }

            var took = random.NextDouble() * slowest;
            // Telegram counts it at some moment between its first byte and its answer.
            counted.Add(Seconds + wait + (took * random.NextDouble()));
            poster.Next = Seconds + wait + took;
            poster.Took = took;
        }

        counted.Sort();
        Assert.DoesNotContain(counted.Zip(counted.Skip(PerMinute)), pair => pair.Second - pair.First < 60);
        // The time is used, but for what a slow line costs.
        var most = (PerMinute * minutes) + posters.Count + 1;
        Assert.InRange(counted.Count, PerMinute * minutes * 60 / (60 + (3 * slowest)) * 0.95, most);
        if (instances == 1)
            Assert.InRange(Calls, 1, counted.Count * 0.4);
    }

    [Fact(Timeout = 10_000)]
    public async Task An_instance_that_has_much_and_stops_keeps_others_waiting_no_longer_than_a_lease()
    {
        var (busy, other) = (NewInstance(), NewInstance());
        for (var i = 0; i < 12; i++)
            Advance((await TakeAsync(busy))!.Value.TotalSeconds);

        Assert.InRange((await TakeAsync(other))!.Value, TimeSpan.Zero, PaceLease.Longest);
    }

    [Fact(Timeout = 10_000)]
    public async Task A_wait_that_Telegram_asks_one_instance_for_holds_for_all()
    {
        var (one, other) = (NewInstance(), NewInstance());
        await TakeAsync(other);

        await one.PauseAsync(TimeSpan.FromSeconds(100));
        Advance(PaceLease.Longest.TotalSeconds);

        Assert.Null(await TakeAsync(other));
        Assert.Equal(100 - PaceLease.Longest.TotalSeconds, other.Wait.TotalSeconds, 2);
        Assert.True(other.IsPaused);
        Advance(100);
        Assert.Equal(TimeSpan.Zero, await TakeAsync(other));
    }

    [Fact(Timeout = 10_000)]
    public async Task It_is_obeyed_after_a_restart()
    {
        await NewInstance().PauseAsync(TimeSpan.FromHours(1));

        Assert.Null(await TakeAsync(NewInstance()));
    }

    [Fact(Timeout = 10_000)]
    public async Task What_a_viewer_waits_for_goes_at_once_though_another_instance_has_the_time()
    {
        var (busy, other) = (NewInstance(), NewInstance());
        for (var i = 0; i < 6; i++)
            await TakeAsync(busy);
        Assert.True(await TakeAsync(other) > TimeSpan.FromSeconds(3));

        Assert.Equal(TimeSpan.Zero, await other.TryTakeAheadAsync(Longest, CancellationToken.None));
        // One in each spacing, whichever instance asks.
        Assert.Equal(TimeSpan.FromSeconds(3), await busy.TryTakeAheadAsync(Longest, CancellationToken.None));
    }

    [Fact(Timeout = 10_000)]
    public async Task A_time_far_away_that_a_wrong_clock_wrote_holds_nobody()
    {
        var wrong = _storeTime.GetUtcNow().AddHours(3);
        await _rows.PutAsync(new Row("pace", "1.-1") { ["Free"] = wrong, ["Ahead"] = wrong }, CancellationToken.None);
        var pace = NewInstance();

        Assert.Equal(TimeSpan.Zero, await TakeAsync(pace));
        Assert.Equal(TimeSpan.Zero, await pace.TryTakeAheadAsync(Longest, CancellationToken.None));
    }

    [Fact(Timeout = 10_000)]
    public async Task A_clock_that_is_set_meanwhile_is_noticed()
    {
        var pace = NewInstance();
        var set = new SetTime(_storeTime);
        var clock = new TableClock(_rows, set);
        await clock.MeasureAsync(CancellationToken.None);

        set.Ahead = TimeSpan.FromHours(5);
        await clock.MeasureAsync(CancellationToken.None);

        Assert.Equal(_storeTime.GetUtcNow(), clock.Now);
        Assert.Equal(TimeSpan.Zero, await TakeAsync(pace));
    }

    double Seconds => (_storeTime.GetUtcNow() - _storeTime.Start).TotalSeconds;

    int Calls => _rows.Calls;

    SendPace NewInstance(TimeSpan ahead = default)
    {
        var time = new FakeTimeProvider(_storeTime.GetUtcNow() + ahead);
        _times.Add(time);
        return new SendPace(PerMinute, time, PaceRow.Of(_rows, 1, -1, new TableClock(_rows, time)));
    }

    void Advance(double seconds)
    {
        if (seconds <= 0)
            return;
        foreach (var time in _times.Prepend(_storeTime))
            time.Advance(TimeSpan.FromSeconds(seconds));
    }

    static async Task<double?> PlaceOfAsync(Poster poster)
    {
        if (poster.Took is { } took)
            poster.Pace.Took(TimeSpan.FromSeconds(took));
        return (await TakeAsync(poster.Pace))?.TotalSeconds;
    }

    static async Task<TimeSpan?> TakeAsync(SendPace pace)
    {
        while (true)
        {
            var place = pace.TryTake(Longest);
            if (place.State == PlaceState.NotLeased)
                await pace.LeaseAsync(Longest, CancellationToken.None);
            else
                return place.State == PlaceState.Taken ? place.Wait : null;
        }
    }

    /// <summary>One that posts message after message.</summary>
    sealed class Poster(SendPace pace)
    {
        public SendPace Pace => pace;

        /// <summary>When it wants its next place.</summary>
        public double Next { get; set; }

        public double? Took { get; set; }
    }

    /// <summary>A clock that somebody sets.</summary>
    sealed class SetTime(TimeProvider time) : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + Ahead;

        public override long GetTimestamp() => time.GetTimestamp();

        public override long TimestampFrequency => time.TimestampFrequency;
    }
}
