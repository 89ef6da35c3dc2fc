using Microsoft.Extensions.Logging.Abstractions;
using TgVault.Core.Library;
using TgVault.Core.Library.Lists;
using TgVault.Core.Rows;
using TgVault.Core.Videos;

namespace TgVault.Core.Tests.Library;

/// <summary>What was written by an earlier version, and writers that meet.</summary>
public abstract partial class RowLibraryContract
{
    [Fact(Timeout = 120_000)]
    public async Task Videos_of_an_earlier_version_are_indexed_once_bit_by_bit_and_go_on_where_it_was_interrupted()
    {
        const int Videos = 450;
        var store = NewStore(_time);
        await WriteAsEarlierAsync(store, Videos);
        var library = Over(store);
        await library.PrepareAsync(None);
        Assert.Empty(await List(library, search: "film"));
        // New ones come while the old are indexed.
        await library.TryAddAsync(Named(Videos), None);

        Assert.False(await library.IndexAsync(None));
        Assert.Equal(200, (await List(library, search: "film", limit: 200)).Length);
        var again = Over(store);
        await again.PrepareAsync(None);
        Assert.False(await again.IndexAsync(None));
        Assert.True(await again.IndexAsync(None));
        Assert.True(await again.IndexAsync(None));

        var all = Enumerable.Range(0, Videos + 1).Reverse().Select(i => Named(i).Details.Name).ToArray();
        Assert.Equal(all, await List(again, search: "film", limit: 200));
        Assert.Equal(all, await List(again, status: VideoStatus.Waiting, limit: 200));
        var alike = await again.ListAsync(new VideoQuery(null, null, 200, null) { SizeBytes = 0 }, None);
        Assert.Equal(all[..200], alike.Videos.Select(video => video.Details.Name));
        Assert.Equal([Named(7).Details.Name], await List(again, search: "no007 film"));
        Assert.Equal(all.Order(StringComparer.Ordinal), await ListByName(again, new VideoQuery(null, null, 200, null)));
        Assert.Equal(Videos + 1, (await Names(again, new VideoQuery(null, null, 200, null) { Order = VideoOrder.Longest })).Length);

        await again.RemoveAsync(Named(7).Id, None);
        Assert.Empty(await List(again, search: "no007"));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_entry_that_another_writer_gave_again_outlives_the_one_that_takes_it_away()
    {
        var rows = NewStore(_time).Table(VaultTables.Listing);
        var table = new ListingTable(rows, _time);
        await table.CreateAsync(None);
        var id = NewVideo(0).Id;
        Listing[] listings = [Listings.Tag("a"), Listings.Beginning("ab"), Listings.Beginning("abc"), Listings.Beginning("b")];
        await table.AddAsync(id, listings, None);
        var leaving = await table.FindAsync(id, [.. listings, Listings.Tag("never there")], None);

        await table.AddAsync(id, [listings[0], listings[1]], None);
        await table.RemoveFoundAsync(leaving, None);

        var left = await rows.ListAsync(RowRange.All, 100, [], None).Select(row => (row.Partition, row.Key)).ToListAsync();
        Assert.Equal(listings.Take(2).Select(listing => (listing.Partition, listing.KeyOf(id))).Order(), left.Order());
        await table.RemoveAsync(id, listings, None);
        Assert.Empty(await rows.ListAsync(RowRange.All, 100, [], None).ToListAsync());
    }

    TableLibrary Over(IRowStore store) => new(store, _time, NullLogger<TableLibrary>.Instance);

    static Video Named(int i) => NewVideo(i) with { Details = new VideoDetails { Name = $"film {i:D3} no{i:D3}" } };

    /// <summary>Rows and entries as they were before there was search: in all, and in no folder.</summary>
    static async Task WriteAsEarlierAsync(IRowStore store, int count)
    {
        var (videos, listing) = (store.Table(VaultTables.Videos), store.Table(VaultTables.Listing));
        await videos.CreateAsync(None);
        await listing.CreateAsync(None);
        await Parallel.ForAsync(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (i, _) =>
            {
                await listing.PutAsync(new Row(Listings.All.Partition, Named(i).Id.ToString()), None);
                await listing.PutAsync(new Row(Listings.Folder("").Partition, Named(i).Id.ToString()), None);
                await videos.TryInsertAsync(VideoRow.Write(Named(i)), None);
            }
        );
    }
}
