using Microsoft.DurableTask;

// The activities here are functions of the hub in memory, not of an app, where the analyzer looks for them.
#pragma warning disable DURABLE2003

namespace TgVault.Functions.Tests.Durable;

/// <summary>The engine of these tests must itself notice what a real one would stumble over.</summary>
public sealed class ReplayContextTests
{
    static readonly EpisodeStarted First = new(DateTime.UnixEpoch);
    static readonly EpisodeStarted Second = new(DateTime.UnixEpoch.AddMinutes(1));

    [Fact(Timeout = 30_000)]
    public async Task An_orchestrator_is_run_from_its_start_with_the_results_that_history_has()
    {
        var context = Context(First, new ActivityScheduled(0, "A", "1"), Second, new ActivityCompleted(0, "\"one\""));
        var replaying = new List<bool>();

        var run = context.Run(async orchestration =>
        {
            replaying.Add(orchestration.IsReplaying);
            var result = await orchestration.CallActivityAsync<string>("A", 1);
            replaying.Add(orchestration.IsReplaying);
            return result;
        });

        Assert.Equal("one", await run);
        Assert.Equal([true, false], replaying);
        Assert.Empty(context.New);
    }

    [Theory]
    [InlineData("B", 1)]
    [InlineData("A", 2)]
    public void Asking_for_another_activity_or_with_another_input_than_before_is_noticed(string name, int input)
    {
        var context = Context(First, new ActivityScheduled(0, "A", "1"), Second, new ActivityCompleted(0, "\"one\""));

        Assert.Throws<NonDeterminismException>(() =>
        {
            _ = context.Run(async orchestration => await orchestration.CallActivityAsync<string>(name, input));
        });
    }

    [Fact]
    public void Asking_for_less_than_before_is_noticed()
    {
        var context = Context(First, new ActivityScheduled(0, "A", "1"), Second);

        Assert.Throws<NonDeterminismException>(() =>
        {
            _ = context.Run(_ => Task.FromResult<object?>(null));
        });
    }

    [Fact]
    public void A_timer_by_another_clock_is_noticed()
    {
        var context = Context(First, new TimerCreated(0, DateTime.UnixEpoch.AddHours(1), DateTime.UnixEpoch), Second, new TimerFired(0));

        Assert.Throws<NonDeterminismException>(() =>
        {
            _ = context.Run(Sleep);
        });

        static async Task<object?> Sleep(TaskOrchestrationContext orchestration)
        {
            await orchestration.CreateTimer(DateTime.UtcNow.AddHours(1), CancellationToken.None);
            return null;
        }
    }

    [Fact]
    public void Awaiting_what_is_not_the_contexts_is_noticed()
    {
        var context = Context(First);

        Assert.Throws<NonDeterminismException>(() =>
        {
            _ = context.Run(Wait);
        });

        static async Task<object?> Wait(TaskOrchestrationContext orchestration)
        {
            await Task.Delay(TimeSpan.FromMinutes(1));
            return null;
        }
    }

    [Fact(Timeout = 10_000)]
    public async Task Calling_the_context_from_another_thread_is_noticed()
    {
        var context = Context(First);
        Task? elsewhere = null;

        _ = context.Run(async orchestration =>
        {
            elsewhere = Task.Run(() => orchestration.CallActivityAsync<string>("A", 1));
            return await orchestration.CallActivityAsync<string>("B", 1);
        });

        await Assert.ThrowsAsync<NonDeterminismException>(() => elsewhere!);
    }

    [Fact(Timeout = 30_000)]
    public async Task An_activity_with_a_retry_policy_is_asked_again_after_growing_waits_and_then_fails()
    {
        var options = TaskOptions.FromRetryPolicy(
            new RetryPolicy(3, TimeSpan.FromSeconds(10), backoffCoefficient: 3, maxRetryInterval: TimeSpan.FromSeconds(20))
        );
        var broken = new InvalidOperationException("broken");
        var at = DateTime.UnixEpoch;
        var context = Context(
            First,
            new ActivityScheduled(0, "A", "1"),
            new ActivityFailed(0, broken),
            new TimerCreated(1, at.AddSeconds(10), at),
            new TimerFired(1),
            new ActivityScheduled(2, "A", "1"),
            new ActivityFailed(2, broken),
            new TimerCreated(3, at.AddSeconds(20), at),
            new TimerFired(3),
            new ActivityScheduled(4, "A", "1"),
            new ActivityFailed(4, broken)
        );

        var run = context.Run(async orchestration => await orchestration.CallActivityAsync<string>("A", 1, options));

        await Assert.ThrowsAsync<TaskFailedException>(() => run);
        Assert.Empty(context.New);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_cancelled_timer_is_not_waited_for_and_may_fire_without_harm()
    {
        var at = DateTime.UnixEpoch;
        var context = Context(First, new TimerCreated(0, at.AddHours(1), at), Second, new EventRaised("Now", "true"), new TimerFired(0));

        var run = context.Run(async orchestration =>
        {
            using var early = new CancellationTokenSource();
            var timer = orchestration.CreateTimer(TimeSpan.FromHours(1), early.Token);
            await Task.WhenAny(timer, orchestration.WaitForExternalEvent<bool>("Now"));
#pragma warning disable CA1849 // As in the app: it has to happen on this thread.
            early.Cancel();
#pragma warning restore CA1849
            return timer.IsCanceled;
        });

        Assert.Equal(true, await run);
        Assert.Equal([0], context.CancelledTimers);
    }

    static ReplayContext Context(params HistoryEvent[] history) => new("test", "test", history);
}
