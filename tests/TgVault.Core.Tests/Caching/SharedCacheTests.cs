using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Caching;

namespace TgVault.Core.Tests.Caching;

public sealed class SharedCacheTests
{
    static readonly CancellationToken None = CancellationToken.None;

    [Fact(Timeout = 30_000)]
    public async Task However_many_ask_it_is_made_once()
    {
        using var cache = new SharedCache<int, string>(1000, text => text.Length);
        var made = 0;
        var go = new TaskCompletionSource();

        var asking = Enumerable.Range(0, 20).Select(_ => cache.GetAsync(1, Make, None).AsTask()).ToArray();
        Assert.False(cache.TryGet(1, out _));
        go.SetResult();

        Assert.Equal(Enumerable.Repeat("one", 20), await Task.WhenAll(asking));
        Assert.Equal("one", await cache.GetAsync(1, Make, None));
        Assert.True(cache.TryGet(1, out var kept));
        Assert.Equal(("one", 1), (kept, made));

        async Task<string> Make(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref made);
            await go.Task;
            return "one";
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task What_was_used_longest_ago_goes_when_the_rest_is_too_heavy()
    {
        var dropped = new List<string>();
        using var cache = new SharedCache<string, string>(10, text => text.Length) { Dropped = dropped.Add };
        await KeepAsync(cache, "aaaa", "bbbb");
        cache.TryGet("aaaa", out _);

        await KeepAsync(cache, "cccc");
        Assert.Equal(["bbbb"], dropped);
        Assert.Equal(8, cache.KeptBytes);

        // Heavier than the bound: it is in use, so it stays until something else comes.
        await KeepAsync(cache, "dddddddddddd");
        Assert.Equal(["bbbb", "aaaa", "cccc"], dropped);
        Assert.Equal(12, cache.KeptBytes);
        await KeepAsync(cache, "e");
        Assert.Equal("dddddddddddd", dropped[^1]);
        Assert.Equal(1, cache.KeptBytes);
    }

    [Fact(Timeout = 30_000)]
    public async Task The_bound_holds_whatever_is_asked_for_by_many()
    {
        var kept = 0;
        using var cache = new SharedCache<int, int>(100, weight => weight) { Dropped = _ => Interlocked.Decrement(ref kept) };

        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(seed =>
                    Task.Run(async () =>
                    {
                        var random = new Random(seed);
                        for (var i = 0; i < 500; i++)
                        {
                            var weight = random.Next(1, 50);
                            Assert.Equal(weight, await cache.GetAsync(weight, _ => MakeAsync(weight), None));
                            Assert.InRange(cache.KeptBytes, 0, 100);
                        }
                    })
                )
        );

        cache.RemoveWhere((_, _) => true);
        Assert.Equal((0, 0), (cache.KeptBytes, kept));

        async Task<int> MakeAsync(int weight)
        {
            await Task.Yield();
            Interlocked.Increment(ref kept);
            return weight;
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task A_failure_is_told_to_all_who_wait_and_not_kept()
    {
        using var cache = new SharedCache<int, string>(1000, text => text.Length);
        var go = new TaskCompletionSource();
        var asking = Enumerable
            .Range(0, 3)
            .Select(_ =>
                cache
                    .GetAsync(
                        1,
                        async _ =>
                        {
                            await go.Task;
                            throw new InvalidOperationException("No.");
                        },
                        None
                    )
                    .AsTask()
            )
            .ToArray();
        go.SetResult();
        foreach (var one in asking)
            Assert.Equal("No.", (await Assert.ThrowsAsync<InvalidOperationException>(() => one)).Message);

        Assert.Equal("yes", await cache.GetAsync(1, _ => Task.FromResult("yes"), None));
    }

    [Fact(Timeout = 30_000)]
    public async Task It_goes_on_as_long_as_one_waits_and_ends_with_the_last()
    {
        using var cache = new SharedCache<int, string>(1000, text => text.Length);
        using CancellationTokenSource first = new(),
            second = new();
        var ended = new TaskCompletionSource();
        var asking = new[] { cache.GetAsync(1, WaitAsync, first.Token).AsTask(), cache.GetAsync(1, WaitAsync, second.Token).AsTask() };

        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking[0]);
        Assert.False(ended.Task.IsCompleted);
        await second.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking[1]);
        await ended.Task;

        // Whoever comes then is not told of it.
        Assert.Equal("new", await cache.GetAsync(1, _ => Task.FromResult("new"), None));

        async Task<string> WaitAsync(CancellationToken cancellationToken)
        {
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return "";
            }
            finally
            {
                ended.SetResult();
            }
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task What_must_be_remembered_is_finished_and_kept_though_all_have_left()
    {
        using var cache = new SharedCache<int, string>(1000, text => text.Length) { FinishesAlone = true };
        using var leaving = new CancellationTokenSource();
        var go = new TaskCompletionSource();
        var asking = cache.GetAsync(1, MakeAsync, leaving.Token).AsTask();

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        var again = cache.GetAsync(1, _ => throw new InvalidOperationException("A second one."), None).AsTask();
        go.SetResult();

        Assert.Equal("one", await again);

        async Task<string> MakeAsync(CancellationToken cancellationToken)
        {
            await go.Task;
            Assert.False(cancellationToken.IsCancellationRequested);
            return "one";
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task A_value_is_given_out_for_its_lifetime_from_when_its_making_began()
    {
        var time = new FakeTimeProvider();
        using var cache = new SharedCache<int, long>(1000, _ => 1) { Lifetime = TimeSpan.FromSeconds(5), Time = time };
        var start = time.GetTimestamp();
        await cache.GetAsync(1, MakeAsync, None);

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(cache.TryGet(1, out _));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(cache.TryGet(1, out _));
        Assert.NotEqual(start, await cache.GetAsync(1, _ => Task.FromResult(time.GetTimestamp()), None));

        Task<long> MakeAsync(CancellationToken cancellationToken)
        {
            time.Advance(TimeSpan.FromSeconds(3));
            return Task.FromResult(start);
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task A_value_that_is_no_good_is_forgotten_and_a_newer_one_is_not()
    {
        using var cache = new SharedCache<int, string>(1000, text => text.Length);
        await cache.GetAsync(1, _ => Task.FromResult("new"), None);

        cache.Remove(1, "old");
        Assert.True(cache.TryGet(1, out _));
        cache.Remove(1, "new");

        Assert.False(cache.TryGet(1, out _));
        Assert.Equal(0, cache.KeptBytes);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_disposed_one_lets_go_of_all_and_of_what_is_still_made()
    {
        var dropped = new List<string>();
        var cache = new SharedCache<string, string>(1000, text => text.Length) { Dropped = dropped.Add };
        await KeepAsync(cache, "kept");
        var go = new TaskCompletionSource<string>();
        var asking = cache.GetAsync("late", _ => go.Task, None).AsTask();

        cache.Dispose();
        go.SetResult("late");

        Assert.Equal("late", await asking);
        Assert.Equal(["kept", "late"], dropped);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => KeepAsync(cache, "more"));
    }

    static async Task KeepAsync(SharedCache<string, string> cache, params string[] texts)
    {
        foreach (var text in texts)
            Assert.Equal(text, await cache.GetAsync(text, _ => Task.FromResult(text), None));
    }
}
