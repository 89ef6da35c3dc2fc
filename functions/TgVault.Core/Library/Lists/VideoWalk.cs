using Microsoft.Extensions.Logging;
using TgVault.Core.Videos;

namespace TgVault.Core.Library.Lists;

/// <summary>
/// Videos that are in several lists at once, newest first. What a call costs is bounded: a run of each list and a page of rows, a few times
/// over. It goes by the list with the fewest videos; what the others do not tell, the rows do.
/// </summary>
sealed class VideoWalk(Func<VideoId, CancellationToken, Task<Video?>> find, ILogger log)
{
    const int ParallelReads = 16;

    // Entries of other lists, and stale ones, are read in vain. After so many pages' worth the caller gets a short page.
    const int MostRounds = 4;

    // Ids are much cheaper than rows; a page of Table Storage has 1,000.
    const int MostIds = 999;

    /// <summary>At most <paramref name="limit"/> videos after <paramref name="after"/>, and where to go on; null at the end.</summary>
    /// <param name="lists">At least one.</param>
    /// <param name="isWanted">Whether a video is one of them: it is in every list, and what else is asked.</param>
    public async Task<(List<Video> Videos, VideoId? Next)> PageAsync(
        IReadOnlyList<IVideoList> lists,
        Func<Video, bool> isWanted,
        VideoId? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var found = new List<Video>();
        var count = limit;
        for (var round = 0; round < MostRounds; round++)
        {
            var before = found.Count;
            var runs = await Task.WhenAll(lists.Select(list => Run.ReadAsync(list, after, count, cancellationToken)));
            var leader = runs.MaxBy(run => (run.Reach, -run.Ids.Length))!;
            var candidates = leader.Ids.Where(id => runs.All(run => run.MayHave(id))).ToArray();
            var isWhole = candidates.Length <= limit;
            candidates = isWhole ? candidates : candidates[..limit];
            for (var read = 0; read < candidates.Length; )
            {
                // No more than are missing, but what can be read at once costs no time.
                var ids = candidates.Skip(read).Take(Math.Max(limit - found.Count, ParallelReads)).ToArray();
                read += ids.Length;
                foreach (var (id, video) in ids.Zip(await ReadAsync(runs, ids, isWanted, cancellationToken)))
                {
                    if (video is null)
                        continue;
                    found.Add(video);
                    if (found.Count == limit)
                        return (found, isWhole && id == candidates[^1] && !leader.More ? null : id);
                }
            }

            if (isWhole && !leader.More)
                return (found, null);
            after = isWhole ? leader.Ids[^1] : candidates[^1];
            // Several lists that miss one another are read in longer runs.
            if (lists.Count > 1 && 4 * (found.Count - before) < count)
                count = Math.Min(4 * count, MostIds);
        }

        return (found, after);
    }

    /// <summary>The videos of these ids, in their order; null for one that is not wanted.</summary>
    async Task<Video?[]> ReadAsync(Run[] runs, VideoId[] ids, Func<Video, bool> isWanted, CancellationToken cancellationToken)
    {
        var videos = new Video?[ids.Length];
        var options = new ParallelOptions { MaxDegreeOfParallelism = ParallelReads, CancellationToken = cancellationToken };
        await Parallel.ForAsync(
            0,
            ids.Length,
            options,
            async (i, token) =>
            {
                var video = await find(ids[i], token);
                if (video is not null && isWanted(video))
                {
                    videos[i] = video;
                    return;
                }

                foreach (var run in runs.Where(run => run.Has(ids[i]) && (video is null || !run.List.Has(video))))
                {
                    if (await run.List.SweepAsync(ids[i], token))
                        log.ListingEntrySwept(ids[i]);
                }
            }
        );
        return videos;
    }

    /// <summary>A run of a list's ids, as far as they were read.</summary>
    sealed class Run(IVideoList list, VideoId[] ids, bool more)
    {
        readonly HashSet<VideoId> _ids = [.. ids];

        public IVideoList List => list;

        public VideoId[] Ids => ids;

        public bool More => more;

        /// <summary>The last id that it tells of.</summary>
        public (bool IsToTheEnd, VideoId Last) Reach => more ? (false, ids[^1]) : (true, default);

        public bool Has(VideoId id) => _ids.Contains(id);

        public bool MayHave(VideoId id) => Has(id) || (more && id > ids[^1]);

        public static async Task<Run> ReadAsync(IVideoList list, VideoId? after, int count, CancellationToken cancellationToken)
        {
            var (ids, more) = await list.ReadAsync(after, count, cancellationToken);
            return new Run(list, ids, more);
        }
    }
}
