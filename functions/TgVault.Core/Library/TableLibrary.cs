using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using TgVault.Core.Rows;
using TgVault.Core.Videos;

namespace TgVault.Core.Library;

/// <summary>
/// The library in three tables: <c>videos</c> (one row per video), <c>listing</c> (ids by folder, tag and state) and <c>chunks</c>.
/// Tables cannot change two partitions at once, so writes keep this order: new listing entries, the row, old listing entries. A crash in
/// between leaves at most an entry too many, which reading skips and sweeps. It never leaves a video that cannot be listed.
/// </summary>
sealed class TableLibrary(IRowStore rows, TimeProvider time, ILogger<TableLibrary> log) : ILibrary
{
    const int ParallelReads = 16;

    // Stale entries, and a tag's entries in another folder, are read in vain. After so many pages' worth the caller gets a short page.
    const int MostRounds = 4;

    readonly IRowTable _videos = rows.Table(VaultTables.Videos);
    readonly ListingTable _listing = new(rows.Table(VaultTables.Listing), time);
    readonly ChunkTable _chunks = new(rows.Table(VaultTables.Chunks));

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await _videos.CreateAsync(cancellationToken);
        await _listing.CreateAsync(cancellationToken);
        await _chunks.CreateAsync(cancellationToken);
    }

    public async Task<bool> TryAddAsync(Video video, CancellationToken cancellationToken)
    {
        var row = VideoRow.Write(video);
        if (await FindAsync(video.Id, cancellationToken) is not null)
            return false;
        await _listing.AddAsync(video.Id, Listings.Of(video), cancellationToken);
        return await _videos.TryInsertAsync(row, cancellationToken) is not null;
    }

    public async Task<Video?> FindAsync(VideoId id, CancellationToken cancellationToken) =>
        await _videos.FindAsync(id.ToString(), VideoRow.RowKey, null, cancellationToken) is { } row ? VideoRow.Read(row) : null;

    public async Task<bool> IsIngestingAsync(VideoId id, int attempt, CancellationToken cancellationToken) =>
        await _videos.FindAsync(id.ToString(), VideoRow.RowKey, VideoRow.LifeColumns, cancellationToken) is { } row
        && VideoRow.IsIngesting(row, attempt);

    public async Task<Video?> TryReplaceAsync(Video video, CancellationToken cancellationToken)
    {
        var row = VideoRow.Write(video);
        var current = await FindAsync(video.Id, cancellationToken);
        if (current is null || current.RowVersion != video.RowVersion)
            return null;
        var (before, after) = (Listings.Of(current), Listings.Of(video));
        await _listing.AddAsync(video.Id, after.Except(before), cancellationToken);
        if (await _videos.TryReplaceAsync(row, video.RowVersion, cancellationToken) is not { } version)
            return null;
        await _listing.RemoveAsync(video.Id, before.Except(after), cancellationToken);
        return video with { RowVersion = version };
    }

    public async Task<VideoPage> ListAsync(VideoQuery query, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, 200);
        VideoId? after = query.Continuation is { } continuation ? VideoId.Parse(continuation) : null;
        var listing =
            query.Tag is { } tag ? Listings.Tag(tag)
            : query.Folder is { } folder ? Listings.Folder(folder)
            : Listings.All;
        var found = new List<Video>();
        for (var round = 0; round < MostRounds; round++)
        {
            var (ids, more) = await _listing.ReadAsync(listing, after, query.Limit, cancellationToken);
            foreach (var (id, video) in ids.Zip(await ReadListedAsync(listing, ids, cancellationToken)))
            {
                after = id;
                if (video is null || (query.Folder is not null && video.Details.Folder != query.Folder))
                    continue;
                found.Add(video);
                if (found.Count == query.Limit)
                    return new VideoPage([.. found], more || id != ids[^1] ? id.ToString() : null);
            }

            if (!more)
                return new VideoPage([.. found], null);
        }

        return new VideoPage([.. found], after?.ToString());
    }

    public async IAsyncEnumerable<Video> ListUnfinishedAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        VideoId? after = null;
        for (var more = true; more; )
        {
            (var ids, more) = await _listing.ReadAsync(Listings.Unfinished, after, 200, cancellationToken);
            foreach (var video in await ReadListedAsync(Listings.Unfinished, ids, cancellationToken))
                if (video is not null)
                    yield return video;
            if (ids.Length > 0)
                after = ids[^1];
        }
    }

    public async Task RemoveAsync(VideoId id, CancellationToken cancellationToken)
    {
        // Chunk records first: while the row stands, a repeated call still finds what is left. After the row, entries only lead nowhere.
        await _chunks.RemoveAllAsync(id, cancellationToken);
        var video = await FindAsync(id, cancellationToken);
        await _videos.DeleteAsync(id.ToString(), VideoRow.RowKey, cancellationToken);
        await _listing.RemoveAsync(id, video is null ? [Listings.All, Listings.Unfinished] : Listings.Of(video), cancellationToken);
    }

    public Task<ChunkRecord> AddChunkAsync(VideoId id, int attempt, ChunkRecord chunk, CancellationToken cancellationToken) =>
        _chunks.AddAsync(id, attempt, chunk, cancellationToken);

    public Task<ChunkRecord?> FindChunkAsync(VideoId id, int attempt, ChunkNumber number, CancellationToken cancellationToken) =>
        _chunks.FindAsync(id, attempt, number, cancellationToken);

    public Task RemoveChunkAsync(VideoId id, int attempt, ChunkNumber number, CancellationToken cancellationToken) =>
        _chunks.RemoveAsync(id, attempt, number, cancellationToken);

    public IAsyncEnumerable<ChunkRecord> ListChunksAsync(
        VideoId id,
        int attempt,
        ChunkNumber first,
        int count,
        CancellationToken cancellationToken
    ) => _chunks.ListAsync(id, attempt, first, count, cancellationToken);

    public Task RemoveChunksAsync(VideoId id, int attempt, CancellationToken cancellationToken) =>
        _chunks.RemoveAsync(id, attempt, cancellationToken);

    /// <summary>The videos of these entries, in their order; null for an entry that its video no longer has.</summary>
    async Task<Video?[]> ReadListedAsync(string listing, VideoId[] ids, CancellationToken cancellationToken)
    {
        var videos = new Video?[ids.Length];
        var options = new ParallelOptions { MaxDegreeOfParallelism = ParallelReads, CancellationToken = cancellationToken };
        await Parallel.ForAsync(
            0,
            ids.Length,
            options,
            async (i, token) =>
            {
                var video = await FindAsync(ids[i], token);
                if (video is not null && Listings.Of(video).Contains(listing))
                    videos[i] = video;
                else if (await _listing.SweepAsync(ids[i], listing, token))
                    log.ListingEntrySwept(ids[i]);
            }
        );
        return videos;
    }
}
