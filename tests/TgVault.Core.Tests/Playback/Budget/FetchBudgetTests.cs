using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Playback.Budget;
using TgVault.Core.Playback.Open;
using TgVault.Core.Settings;

namespace TgVault.Core.Tests.Playback.Budget;

/// <summary>What may be fetched for links, counted at the store; the clock stands still unless a test moves it.</summary>
public sealed class FetchBudgetTests
{
    const int Block = SealedChunk.BlockBytes;
    const int Sealed = SealedChunk.SealedBlockBytes;
    const int Piece = 16 * 1024;

    [Fact(Timeout = 60_000)]
    public async Task Single_bytes_all_over_a_film_cost_the_store_the_budget_and_no_more()
    {
        // 40 blocks at once and one a second, of a film of 512.
        using var parts = await PlaybackParts.CreateAsync(
            ChunkPlan.FromRuns([new ChunkRun(16, 32 * Block)]),
            new PlaybackSettings
            {
                CacheBytes = 0,
                LinkBudgetBytes = 40 * Sealed,
                LinkBudgetBytesPerSecond = Sealed,
            }
        );
        using var budget = BudgetOf(parts);
        LinkAllowance.Current = await budget.FindAsync("link", default);

        var asking = Enumerable.Range(0, 400).Select(i => ReadByteAsync(parts, i * 167L % 512 * Block)).ToArray();
        await parts.Video.Read.UntilAsync(() => parts.Video.Reads.Count == 40);

        // More than are held are refused at once.
        var refused = asking.Where(one => one.IsFaulted).ToArray();
        Assert.Equal(400 - 40 - LinkAllowance.MostHeld, refused.Length);
        Assert.InRange(RetryAfter(refused[0]).TotalSeconds, 1, 2);
        // Those who are held get their turn one by one.
        for (var second = 1; second < LinkAllowance.Hold.TotalSeconds; second++)
            parts.Time.Advance(TimeSpan.FromSeconds(1));
        parts.Time.Advance(LinkAllowance.Hold);
        foreach (var one in asking)
            await Task.WhenAny(one);

        Assert.InRange(asking.Count(one => one.IsCompletedSuccessfully), 48, 60);
        Assert.Equal(asking.Count(one => one.IsCompletedSuccessfully), parts.Video.Reads.Count);
        Assert.All(parts.Video.Reads, read => Assert.Equal(Sealed, read.LengthBytes));
    }

    [Theory(Timeout = 120_000)]
    [InlineData(1, 12)]
    [InlineData(64, 12)]
    [InlineData(200, 48)]
    public async Task However_many_play_by_one_link_they_stay_far_from_the_budget(int viewers, int cacheMiB)
    {
        const int bytesEach = 3 << 18;
        // Nothing comes back by time.
        using var parts = await PlaybackParts.CreateAsync(
            ChunkPlan.FromRuns([new ChunkRun(viewers, 16 * Block)]),
            new PlaybackSettings
            {
                CacheBytes = cacheMiB << 20,
                LinkBudgetBytes = 0,
                LinkBudgetBytesPerSecond = 1,
            }
        );
        using var budget = BudgetOf(parts);
        var link = (await budget.FindAsync("link", default))!;
        LinkAllowance.Current = link;
        var streams = new List<VideoStream>();
        for (var viewer = 0; viewer < viewers; viewer++)
        {
            var stream = await parts.OpenAsync();
            stream.Position = viewer * 16L * Block;
            stream.ReadEnd = stream.Position + bytesEach;
            streams.Add(stream);
        }

        var (least, buffer) = (link.Left, new byte[Piece]);
        for (var turn = 0; turn < bytesEach / Piece; turn++)
        {
            foreach (var stream in streams)
            {
                Assert.Equal(Piece, await stream.ReadAtLeastAsync(buffer, Piece));
                link.Serve(Piece, cost: 1);
                least = Math.Min(least, link.Left);
            }

            parts.Time.Advance(TimeSpan.FromSeconds(Piece / 625_000.0));
        }

        foreach (var stream in streams)
            await stream.DisposeAsync();
        // What waits in memory to be read is all that is ever missing: half of what there is.
        Assert.InRange(least, cacheMiB << 20, cacheMiB << 21);
        Assert.Equal(cacheMiB << 21, link.Left);
    }

    [Fact(Timeout = 60_000)]
    public async Task Viewers_who_seek_every_other_second_are_not_held_either()
    {
        using var parts = await PlaybackParts.CreateAsync(
            ChunkPlan.FromRuns([new ChunkRun(64, 32 * Block)]),
            new PlaybackSettings { CacheBytes = 12 << 20, LinkBudgetBytesPerSecond = 1 }
        );
        using var budget = BudgetOf(parts);
        var link = (await budget.FindAsync("link", default))!;
        LinkAllowance.Current = link;
        var (random, least, buffer) = (new Random(5), link.Left, new byte[Piece]);

        for (var seek = 0; seek < 200; seek++)
        {
            await using var stream = await parts.OpenAsync();
            stream.Position = random.NextInt64(parts.Video.Plan.LengthBytes - (8 << 20));
            stream.ReadEnd = stream.Position + (8 << 20);
            for (var got = 0; got < 1_250_000; got += Piece)
            {
                Assert.Equal(Piece, await stream.ReadAtLeastAsync(buffer, Piece));
                link.Serve(Piece, cost: 1);
                parts.Time.Advance(TimeSpan.FromSeconds(Piece / 625_000.0));
            }

            least = Math.Min(least, link.Left);
        }

        Assert.InRange(least, 120 << 20, 128 << 20);
    }

    [Fact(Timeout = 30_000)]
    public async Task What_is_in_memory_costs_nothing_and_is_given_when_nothing_is_left()
    {
        using var parts = await PlaybackParts.CreateAsync(settings: Tight);
        using var budget = BudgetOf(parts);
        var link = (await budget.FindAsync("link", default))!;
        LinkAllowance.Current = link;
        await ReadByteAsync(parts, 0);
        var left = link.Left;
        await ReadByteAsync(parts, 1);
        Assert.Equal(left, link.Left);

        link.Fetch(1, int.MaxValue, prepaid: 0);

        await ReadByteAsync(parts, 2);
        var held = ReadByteAsync(parts, 5 * Block);
        Assert.False(held.IsCompleted);
        Assert.Single(parts.Video.Reads);
        parts.Time.Advance(LinkAllowance.Hold);
        await Assert.ThrowsAsync<BudgetException>(() => held);
        Assert.Single(parts.Video.Reads);
    }

    [Fact(Timeout = 30_000)]
    public async Task What_is_under_way_goes_on_when_nothing_is_left()
    {
        using var parts = await PlaybackParts.CreateAsync(settings: Tight);
        using var budget = BudgetOf(parts);
        var link = (await budget.FindAsync("link", default))!;
        LinkAllowance.Current = link;
        await using var stream = await parts.OpenAsync();
        stream.ReadEnd = stream.Length;
        var first = await PlaybackParts.ReadAsync(stream, 10);

        link.Fetch(1, int.MaxValue, prepaid: 0);
        var rest = await PlaybackParts.ReadAsync(stream, (int)stream.Length - 10);

        Assert.Equal(parts.Video.Plain(0, stream.Length), first.Concat(rest).ToArray());
    }

    [Fact(Timeout = 30_000)]
    public async Task One_link_that_spent_its_own_takes_nothing_from_another_nor_from_who_has_the_key()
    {
        using var parts = await PlaybackParts.CreateAsync(settings: Tight);
        using var budget = BudgetOf(parts);
        var one = (await budget.FindAsync("one", default))!;
        one.Fetch(1, int.MaxValue, prepaid: 0);
        LinkAllowance.Current = one;
        Assert.False(ReadByteAsync(parts, 0).IsCompleted);

        LinkAllowance.Current = await budget.FindAsync("another", default);
        await ReadByteAsync(parts, 5 * Block);
        LinkAllowance.Current = null;
        await ReadByteAsync(parts, 10 * Block);
    }

    [Fact(Timeout = 30_000)]
    public async Task Many_links_together_have_no_more_than_their_bot()
    {
        var time = new FakeTimeProvider();
        var settings = new PlaybackSettings
        {
            CacheBytes = 0,
            LinkBudgetBytes = 100 * Sealed,
            LinkBudgetBytesPerSecond = 10 * Sealed,
        };
        using var budget = new FetchBudget(settings with { BotBudgetBytesPerSecond = 20 * Sealed }, time, NullLogger<FetchBudget>.Instance);
        var links = new List<LinkAllowance>();
        for (var i = 0; i < 50; i++)
            links.Add((await budget.FindAsync($"{i}", default))!);
        var viewer = (await budget.FindAsync("viewer", default))!;
        var (fetched, played) = (0, 0);

        for (var second = 0; second < 600; second++)
        {
            // Each takes what it can get; and one plays.
            foreach (var link in links)
            {
                for (; !link.IsSpent; fetched++)
                    link.Fetch(1, Sealed, prepaid: 0);
            }

            for (var block = 0; block < 10; block++, played++)
            {
                Assert.False(viewer.IsSpent);
                viewer.Fetch(1, Sealed, prepaid: 0);
                viewer.Serve(Block, cost: 1);
            }

            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(6000, played);
        // Each link's own, what the bot has and what comes back to it; by themselves they would have had 300,000.
        Assert.InRange(fetched, 10_000, 5_000 + 320 + (600 * 20));
    }

    [Fact(Timeout = 30_000)]
    public async Task Whole_segments_are_worth_what_they_cost_but_not_without_end()
    {
        using var budget = new FetchBudget(
            new PlaybackSettings
            {
                CacheBytes = 0,
                LinkBudgetBytes = 16 << 20,
                LinkBudgetBytesPerSecond = 1,
            },
            new FakeTimeProvider(),
            NullLogger<FetchBudget>.Instance
        );
        var link = (await budget.FindAsync("link", default))!;
        // The sound of a film of 5 Mbit/s: 64 KB among 2.5 MB.
        const int sound = 64_000;
        const int film = 2_500_000;
        var segments = 0;

        for (; segments < 10_000 && !link.IsSpent; segments++)
        {
            link.Fetch(1, film, prepaid: 0);
            link.Serve(sound, cost: (double)film / sound);
        }

        // 16 times the allowance, then the allowance itself.
        Assert.InRange(segments, 16 * (16 << 20) / film, 18 * (16 << 20) / film * 11 / 10);
    }

    const int SpanBytes = 16 * Sealed;

    static PlaybackSettings Tight =>
        new()
        {
            ReadAheadBytes = 0,
            CacheBytes = SpanBytes,
            LinkBudgetBytes = 0,
            LinkBudgetBytesPerSecond = 1,
        };

    static FetchBudget BudgetOf(PlaybackParts parts) => new(parts.Settings, parts.Time, NullLogger<FetchBudget>.Instance);

    static async Task ReadByteAsync(PlaybackParts parts, long offset) =>
        Assert.Equal(parts.Video.Plain(offset, 1), await parts.ReadAsync(offset, 1));

    static TimeSpan RetryAfter(Task refused) => Assert.IsType<BudgetException>(refused.Exception!.InnerException).RetryAfter;
}
