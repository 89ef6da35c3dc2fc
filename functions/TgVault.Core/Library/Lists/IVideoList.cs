using TgVault.Core.Videos;

namespace TgVault.Core.Library.Lists;

/// <summary>
/// Ids of videos in their order, newest first. There may be some that do not belong, because a write was interrupted or the list is
/// coarse; none is missing. So whoever reads one looks at the video's row.
/// </summary>
interface IVideoList
{
    /// <summary>At most <paramref name="count"/> ids after <paramref name="after"/>, and whether there are more behind them.</summary>
    /// <param name="count">1 to 999.</param>
    Task<(VideoId[] Ids, bool More)> ReadAsync(VideoId? after, int count, CancellationToken cancellationToken);

    /// <summary>Whether the list ought to have this video.</summary>
    bool Has(Video video);

    /// <summary>Removes an id that ought not to be there, unless its row may be about to follow; true where it is gone now.</summary>
    Task<bool> SweepAsync(VideoId id, CancellationToken cancellationToken);
}

/// <summary>A list in the table <c>listing</c>.</summary>
sealed class ListingList(ListingTable table, Listing listing, Func<Video, bool> has) : IVideoList
{
    public Task<(VideoId[] Ids, bool More)> ReadAsync(VideoId? after, int count, CancellationToken cancellationToken) =>
        table.ReadAsync(listing, after, count, cancellationToken);

    public bool Has(Video video) => has(video);

    public Task<bool> SweepAsync(VideoId id, CancellationToken cancellationToken) => table.SweepAsync(id, listing, cancellationToken);
}
