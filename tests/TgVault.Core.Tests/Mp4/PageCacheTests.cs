using TgVault.Core.Mp4.Fragments;
using TgVault.Core.Mp4.Index;

namespace TgVault.Core.Tests.Mp4;

public sealed class PageCacheTests
{
    static readonly Mp4Index Film = LongVideo.Build(600);

    [Fact]
    public void A_segment_that_was_asked_for_before_unpacks_nothing()
    {
        var (cache, index) = Open(PageCache.DefaultBytes);
        var first = MediaSegment.Find(index, 0, 40)!;
        var unpacked = cache.UnpackedCount;
        Assert.InRange(unpacked, 1, 2);

        var again = MediaSegment.Find(index, 0, 40)!;

        Assert.Equal(unpacked, cache.UnpackedCount);
        Assert.Equal(first.Header.ToArray(), again.Header.ToArray());
        Assert.Equal(first.Ranges.ToArray(), again.Ranges.ToArray());
    }

    [Fact]
    public void A_film_played_to_its_end_unpacks_every_page_once()
    {
        var (cache, index) = Open(PageCache.DefaultBytes);

        PlayAll(index);

        Assert.InRange(index.Pages.Length, 20, 100);
        Assert.Equal(index.Pages.Length, cache.UnpackedCount);
    }

    [Fact]
    public void However_much_is_played_the_bound_holds()
    {
        var page = SamplePage.Unpack(Film.Pages[0]).MemoryBytes;
        var (cache, index) = Open(3 * page);
        var other = Mp4Index.Decode(Film.Encode());
        cache.Add(other);

        foreach (var film in (Mp4Index[])[index, other, index])
        {
            for (var number = 0; number < MediaSegment.Count(film, 0); number++)
            {
                MediaSegment.Find(film, 0, number);
                Assert.InRange(cache.KeptBytes, page, 3 * page);
            }
        }

        Assert.InRange(cache.UnpackedCount, 3 * index.Pages.Length, 6 * index.Pages.Length);
    }

    [Fact]
    public void What_a_page_is_said_to_take_it_takes()
    {
        var pages = new SamplePage[Film.Pages.Length];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < pages.Length; i++)
            pages[i] = SamplePage.Unpack(Film.Pages[i]);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // Unpacking itself leaves some small arrays behind.
        Assert.InRange(pages.Sum(page => (long)page.MemoryBytes), allocated * 9 / 10, allocated * 11 / 10);
    }

    [Fact]
    public void An_index_that_is_let_go_frees_its_pages_and_still_reads()
    {
        var (cache, index) = Open(PageCache.DefaultBytes);
        var other = Mp4Index.Decode(Film.Encode());
        cache.Add(other);
        MediaSegment.Find(other, 0, 40);
        var ofOther = cache.KeptBytes;
        var first = MediaSegment.Find(index, 0, 40)!;
        Assert.Equal(2 * ofOther, cache.KeptBytes);

        cache.Remove(index);

        Assert.Equal(ofOther, cache.KeptBytes);
        Assert.Equal(first.Header.ToArray(), MediaSegment.Find(index, 0, 40)!.Header.ToArray());
        Assert.Equal(ofOther, cache.KeptBytes);
    }

    [Fact(Timeout = 60_000)]
    public async Task Many_may_ask_at_once_while_films_come_and_go()
    {
        var page = SamplePage.Unpack(Film.Pages[0]).MemoryBytes;
        var (cache, index) = Open(4 * page);
        var expected = Enumerable
            .Range(0, MediaSegment.Count(Film, 0))
            .Select(i => MediaSegment.Find(Film, 0, i)!.Header.ToArray())
            .ToList();

        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(worker =>
                    Task.Run(() =>
                    {
                        var random = new Random(worker);
                        for (var i = 0; i < 300; i++)
                        {
                            if (random.Next(20) == 0)
                                cache.Remove(index);
                            else if (random.Next(10) == 0)
                                cache.Add(index);
                            var number = random.Next(expected.Count);
                            Assert.Equal(expected[number], MediaSegment.Find(index, 0, number)!.Header.ToArray());
                            Assert.InRange(cache.KeptBytes, 0, 4 * page);
                        }
                    })
                )
        );

        cache.Remove(index);
        Assert.Equal(0, cache.KeptBytes);
    }

    static (PageCache Cache, Mp4Index Index) Open(long maxBytes)
    {
        var cache = new PageCache(maxBytes);
        var index = Mp4Index.Decode(Film.Encode());
        cache.Add(index);
        return (cache, index);
    }

    static void PlayAll(Mp4Index index)
    {
        for (var number = 0; number < index.SegmentCount; number++)
        {
            MediaSegment.Find(index, 0, number);
            MediaSegment.Find(index, 1, number);
        }
    }
}
