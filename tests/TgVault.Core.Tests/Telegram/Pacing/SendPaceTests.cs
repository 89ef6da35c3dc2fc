using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Telegram;

namespace TgVault.Core.Tests.Telegram;

public sealed class SendPaceTests
{
    readonly FakeTimeProvider _time = new();

    [Fact]
    public void Messages_are_spaced_evenly()
    {
        var pace = new SendPace(20, _time);

        TimeSpan?[] waits = [.. Enumerable.Range(0, 3).Select(_ => pace.TryTake(TimeSpan.FromMinutes(1)))];

        Assert.Equal([TimeSpan.Zero, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(6)], waits);
    }

    [Fact]
    public void A_place_too_far_away_is_not_taken()
    {
        var pace = new SendPace(1, _time);
        pace.TryTake(TimeSpan.Zero);

        Assert.Null(pace.TryTake(TimeSpan.FromSeconds(59)));
        Assert.Equal(TimeSpan.FromSeconds(60), pace.TryTake(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public void A_pause_holds_even_where_there_is_no_limit_and_ends()
    {
        var pace = new SendPace(0, _time);
        Assert.Equal(TimeSpan.Zero, pace.TryTake(TimeSpan.Zero));

        pace.Pause(TimeSpan.FromSeconds(10));
        pace.Pause(TimeSpan.FromSeconds(5));

        Assert.True(pace.IsPaused);
        Assert.Equal(TimeSpan.FromSeconds(10), pace.Wait);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.False(pace.IsPaused);
        Assert.Equal(TimeSpan.Zero, pace.TryTake(TimeSpan.Zero));
    }
}
