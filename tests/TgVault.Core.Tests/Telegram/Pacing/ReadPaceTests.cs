using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Telegram.Pacing;

namespace TgVault.Core.Tests.Telegram.Pacing;

public sealed class ReadPaceTests
{
    readonly FakeTimeProvider _time = new();

    [Fact]
    public void As_many_as_a_film_has_go_at_once_and_more_by_the_second()
    {
        var pace = new ReadPace(_time);

        Assert.All(Enumerable.Range(0, ReadPace.Burst), _ => Assert.Equal(TimeSpan.Zero, pace.Take()));
        Assert.InRange(pace.Take().TotalSeconds, 0.03, 0.04);
        for (var i = 1; i < 10 * ReadPace.PerSecond; i++)
            pace.Take();
        Assert.InRange(pace.Take().TotalSeconds, 10, 10.1);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(TimeSpan.Zero, pace.Take());
    }

    [Fact]
    public void A_clock_that_is_set_back_holds_nobody()
    {
        var clock = new JumpBack(_time);
        var pace = new ReadPace(clock);
        pace.Take();

        clock.Back = TimeSpan.FromDays(1);

        Assert.Equal(TimeSpan.Zero, pace.Take());
    }

    sealed class JumpBack(TimeProvider time) : TimeProvider
    {
        public TimeSpan Back { get; set; }

        public override DateTimeOffset GetUtcNow() => time.GetUtcNow() - Back;
    }
}
