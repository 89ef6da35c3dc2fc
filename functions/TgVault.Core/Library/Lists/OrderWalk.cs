using Microsoft.Extensions.Logging;
using TgVault.Core.Videos;

namespace TgVault.Core.Library.Lists;

/// <summary>
/// Videos of one list in another order than that of their ids. What a call costs is bounded, as <see cref="VideoWalk"/>'s is: what else is
/// asked is looked for in the rows, so a page may be short.
/// </summary>
sealed class OrderWalk(Func<VideoId, CancellationToken, Task<Video?>> find, ListingTable table, ILogger log)
{
    const int ParallelReads = 16;
    const int MostRounds = 4;

    /// <summary>
    /// At most <paramref name="limit"/> videos behind the key <paramref name="after"/>, and where to go on; null at the end.
    /// </summary>
    /// <param name="list">The list, as it is by id.</param>
    /// <param name="order">Not <see cref="VideoOrder.Newest"/>.</param>
    /// <param name="isWanted">Whether a video has what else is asked.</param>
    /// <param name="after">A key of this order; null: from the first on.</param>
    /// <param name="limit">At least 1.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public async Task<(List<Video> Videos, string? Next)> PageAsync(
        Listing list,
        VideoOrder order,
        Func<Video, bool> isWanted,
        string? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var found = new List<Video>();
        for (var round = 0; round < MostRounds; round++)
        {
            var (keys, more) = await table.ReadKeysAsync(Listings.By(order, list), after, limit, cancellationToken);
            for (var read = 0; read < keys.Length; )
            {
                var some = keys.Skip(read).Take(Math.Max(limit - found.Count, ParallelReads)).ToArray();
                read += some.Length;
                foreach (var (key, video) in some.Zip(await ReadAsync(list, order, some, cancellationToken)))
                {
                    if (video is null || !isWanted(video))
                        continue;
                    found.Add(video);
                    if (found.Count == limit)
                        return (found, key == keys[^1] && !more ? null : key);
                }
            }

            if (!more)
                return (found, null);
            after = keys[^1];
        }

        return (found, after);
    }

    /// <summary>The videos of these keys, in their order; null for one that stands elsewhere by now.</summary>
    async Task<Video?[]> ReadAsync(Listing list, VideoOrder order, string[] keys, CancellationToken cancellationToken)
    {
        var videos = new Video?[keys.Length];
        var options = new ParallelOptions { MaxDegreeOfParallelism = ParallelReads, CancellationToken = cancellationToken };
        await Parallel.ForAsync(
            0,
            keys.Length,
            options,
            async (i, token) =>
            {
                var id = NameOrder.IdOf(keys[i]);
                var video = await find(id, token);
                if (video is not null && Listings.Of(video).Contains(list) && Listings.By(order, list, video).KeyOf(id) == keys[i])
                    videos[i] = video;
                else if (await table.SweepAsync(Listings.By(order, list).Partition, keys[i], token))
                    log.ListingEntrySwept(id);
            }
        );
        return videos;
    }
}
