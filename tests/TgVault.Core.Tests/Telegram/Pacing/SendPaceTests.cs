using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Telegram.Pacing;

namespace TgVault.Core.Tests.Telegram.Pacing;

public sealed class SendPaceTests
{
    readonly FakeTimeProvider _time = new();

    [Fact]
    public void Messages_are_spaced_evenly()
    {
        var pace = new SendPace(20, _time);

        TimeSpan?[] waits = [.. Enumerable.Range(0, 3).Select(_ => Take(pace, TimeSpan.FromMinutes(1)))];

        Assert.Equal([TimeSpan.Zero, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(6)], waits);
    }

    [Fact]
    public void A_place_too_far_away_is_not_taken()
    {
        var pace = new SendPace(1, _time);
        Take(pace, TimeSpan.Zero);

        Assert.Null(Take(pace, TimeSpan.FromSeconds(59)));
        Assert.Equal(TimeSpan.FromSeconds(60), Take(pace, TimeSpan.FromSeconds(60)));
    }

    [Fact(Timeout = 10_000)]
    public async Task A_pause_holds_even_where_there_is_no_limit_and_ends()
    {
        var pace = new SendPace(0, _time);
        Assert.Equal(TimeSpan.Zero, Take(pace, TimeSpan.Zero));

        await pace.PauseAsync(TimeSpan.FromSeconds(10));
        await pace.PauseAsync(TimeSpan.FromSeconds(5));

        Assert.True(pace.IsPaused);
        Assert.Equal(TimeSpan.FromSeconds(10), pace.Wait);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.False(pace.IsPaused);
        Assert.Equal(TimeSpan.Zero, Take(pace, TimeSpan.Zero));
    }

    [Fact]
    public void After_a_slow_message_the_minute_is_longer_for_a_minute()
    {
        var pace = new SendPace(20, _time);
        pace.Took(TimeSpan.FromSeconds(1));
        pace.Took(TimeSpan.FromSeconds(0.1));
        Take(pace, TimeSpan.Zero);

        Assert.Equal(TimeSpan.FromSeconds(3.15), pace.Wait);
        _time.Advance(TimeSpan.FromMinutes(1));
        Take(pace, TimeSpan.Zero);
        Assert.Equal(TimeSpan.FromSeconds(3), pace.Wait);
    }

    [Theory]
    [InlineData(18, 2, 3334)]
    [InlineData(18, 4, 3600)]
    [InlineData(20, 0, 3000)]
    [InlineData(20, 60, 4500)]
    [InlineData(1200, 0.1, 51)]
    public void A_pace_below_what_Telegram_allows_has_room_for_slow_messages(int messagesPerMinute, double took, int spacing)
    {
        var pace = new SendPace(messagesPerMinute, _time);
        pace.Took(TimeSpan.FromSeconds(took));
        Take(pace, TimeSpan.Zero);

        Assert.Equal(TimeSpan.FromMilliseconds(spacing), pace.Wait);
    }

    [Fact(Timeout = 10_000)]
    public async Task What_a_viewer_waits_for_goes_first_and_what_waits_then_goes_later()
    {
        var pace = new SendPace(20, _time);
        Take(pace, TimeSpan.Zero);
        var waiting = pace.TryTake(TimeSpan.FromMinutes(1));

        var first = await pace.TryTakeAheadAsync(TimeSpan.FromMinutes(1), CancellationToken.None);
        var second = await pace.TryTakeAheadAsync(TimeSpan.FromMinutes(1), CancellationToken.None);
        var third = await pace.TryTakeAheadAsync(TimeSpan.FromSeconds(1), CancellationToken.None);

        // They keep a distance among themselves.
        Assert.Equal([TimeSpan.Zero, TimeSpan.FromSeconds(3), null], [first, second, third]);
        var shifted = waiting.Shifted;
        Assert.Equal(TimeSpan.FromSeconds(6), pace.ShiftSince(ref shifted));
        Assert.Equal(TimeSpan.Zero, pace.ShiftSince(ref shifted));
        Assert.Equal(TimeSpan.FromSeconds(12), pace.Wait);
    }

    static TimeSpan? Take(SendPace pace, TimeSpan longest) =>
        pace.TryTake(longest) is { State: PlaceState.Taken } place ? place.Wait : null;
}
