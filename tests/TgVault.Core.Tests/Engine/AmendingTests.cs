using System.Collections.Concurrent;
using TgVault.Core.Videos;

namespace TgVault.Core.Tests.Engine;

/// <summary>Amendments on one machine. One whose chunk is not recorded can never be carried out.</summary>
public sealed class AmendingTests
{
    [Fact(Timeout = 30_000)]
    public async Task Amendments_that_fail_for_ever_hold_no_place_and_are_asked_again_after_five_minutes()
    {
        await using var bench = new RunnerBench(videos: 2);
        var failing = new[] { await bench.AddReadyAsync(isRecorded: false), await bench.AddReadyAsync(isRecorded: false) };
        var tries = Watch(bench);
        await bench.StartAsync();
        await bench.UntilAsync(() => failing.All(id => tries.Count(id) == 1));

        var third = await bench.AddReadyAsync(isRecorded: true);
        await bench.AddCaptionsAsync(third);
        await bench.Runner.AmendAsync(third, CancellationToken.None);
        await bench.UntilAsync(() => bench.Library.Show(third)!.Files.Companions is [{ State: CompanionState.Stored, Extents.Length: 0 }]);
        foreach (var id in failing)
            await bench.RestAsync(id);

        await bench.PassAsync(TimeSpan.FromSeconds(298));
        foreach (var id in failing)
        {
            await bench.RestAsync(id);
            Assert.Equal(1, tries.Count(id));
        }

        await bench.PassAsync(TimeSpan.FromSeconds(2));
        foreach (var id in failing)
        {
            await bench.RestAsync(id);
            Assert.Equal(2, tries.Count(id));
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task A_wish_makes_a_failed_amendment_due_at_once()
    {
        await using var bench = new RunnerBench();
        var id = await bench.AddReadyAsync(isRecorded: false);
        var tries = Watch(bench);
        await bench.StartAsync();
        await bench.UntilAsync(() => tries.Count(id) == 1);
        await bench.RestAsync(id);

        await bench.Runner.AmendAsync(id, CancellationToken.None);
        await bench.UntilAsync(() => tries.Count(id) == 2);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_wish_that_comes_while_a_try_is_just_failing_does_not_wait_for_five_minutes()
    {
        await using var bench = new RunnerBench();
        var id = await bench.AddReadyAsync(isRecorded: false);
        var tries = Watch(bench);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var count = bench.Library.BeforeChunks;
        bench.Library.BeforeChunks = async video =>
        {
            await count(video);
            await goOn.Task;
        };
        await bench.StartAsync();
        await bench.UntilAsync(() => tries.Count(id) == 1);

        await bench.Runner.AmendAsync(id, CancellationToken.None);
        goOn.SetResult();
        await bench.RestAsync(id);
        await bench.PassAsync(TimeSpan.FromSeconds(1));
        await bench.UntilAsync(() => tries.Count(id) == 2);
    }

    static Tries Watch(RunnerBench bench)
    {
        var tries = new Tries();
        bench.Library.BeforeChunks = id =>
        {
            tries.Add(id);
            bench.Changes.Raise();
            return Task.CompletedTask;
        };
        return tries;
    }

    /// <summary>How often each video's amendment was tried.</summary>
    sealed class Tries
    {
        readonly ConcurrentQueue<VideoId> _all = new();

        public void Add(VideoId video) => _all.Enqueue(video);

        public int Count(VideoId video) => _all.Count(one => one == video);
    }
}
