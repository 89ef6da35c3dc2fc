using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using TgVault.Core.Library.Lists;
using TgVault.Core.Library.Search;
using TgVault.Core.Rows;
using TgVault.Core.Rows.Sqlite;
using TgVault.Core.Videos;

namespace TgVault.Core.Library;

/// <summary>
/// The library in three tables: <c>videos</c> (one row per video), <c>listing</c> (ids by folder, tag, size, hash, state, words) and
/// <c>chunks</c>. Tables cannot change two partitions at once, so writes keep this order: new listing entries, the row, old listing
/// entries. A crash in between leaves at most an entry too many, which reading skips and sweeps. It never leaves a video that cannot be
/// listed.
/// </summary>
/// <param name="rows">Where the tables are.</param>
/// <param name="time">Says when something happened.</param>
/// <param name="log">Told of entries that lead nowhere.</param>
/// <param name="wishes">Whether what happens is to be noted in the rows; null: nobody is told.</param>
sealed class TableLibrary(IRowStore rows, TimeProvider time, ILogger<TableLibrary> log, IEventWishes? wishes = null) : ILibrary
{
    const int MostUntold = 32;

    readonly IRowTable _videos = rows.Table(VaultTables.Videos);
    readonly ListingTable _listing = new(rows.Table(VaultTables.Listing), time);
    readonly ChunkTable _chunks = new(rows.Table(VaultTables.Chunks));

    ISearchIndex Search =>
        field ??= rows is SqliteRowStore store
            ? new SqliteSearch(store, VideoRow.RowKey, VideoRow.ReadDetails)
            : new ListingSearch(_listing);

    OrderWalk Ordered => field ??= new OrderWalk(FindAsync, _listing, log);

    ListCounts Counts => field ??= new ListCounts(_listing, FindAsync);

    VideoWalk Walk => field ??= new VideoWalk(FindAsync, log);

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await _videos.CreateAsync(cancellationToken);
        await _listing.CreateAsync(cancellationToken);
        await _chunks.CreateAsync(cancellationToken);
        await Search.CreateAsync(cancellationToken);
    }

    public async Task<bool> TryAddAsync(Video video, CancellationToken cancellationToken)
    {
        video = await NoteAsync(null, video, cancellationToken);
        var row = VideoRow.Write(video);
        if (await FindAsync(video.Id, cancellationToken) is not null)
            return false;
        await _listing.AddAsync(video.Id, ListingsOf(video), cancellationToken);
        return await _videos.TryInsertAsync(row, cancellationToken) is not null;
    }

    public async Task<Video?> FindAsync(VideoId id, CancellationToken cancellationToken) =>
        await _videos.FindAsync(id.ToString(), VideoRow.RowKey, null, cancellationToken) is { } row ? VideoRow.Read(row) : null;

    public async Task<bool> IsIngestingAsync(VideoId id, int attempt, CancellationToken cancellationToken) =>
        await _videos.FindAsync(id.ToString(), VideoRow.RowKey, VideoRow.LifeColumns, cancellationToken) is { } row
        && VideoRow.IsIngesting(row, attempt);

    public async Task<Video?> TryReplaceAsync(Video video, CancellationToken cancellationToken)
    {
        var current = await FindAsync(video.Id, cancellationToken);
        if (current is null || current.RowVersion != video.RowVersion)
            return null;
        video = await NoteAsync(current, video, cancellationToken);
        var row = VideoRow.Write(video);
        var (before, after) = ListingsOf(current, video);
        var leaving = await _listing.FindAsync(video.Id, before.Except(after), cancellationToken);
        await _listing.AddAsync(video.Id, after.Except(before), cancellationToken);
        if (await _videos.TryReplaceAsync(row, video.RowVersion, cancellationToken) is not { } version)
            return null;
        await _listing.RemoveFoundAsync(leaving, cancellationToken);
        return video with { RowVersion = version };
    }

    public async Task<VideoPage> ListAsync(VideoQuery query, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, 200);
        query.CheckOrder();
        if (query.Order != VideoOrder.Newest)
            return await ListInOrderAsync(query, cancellationToken);
        VideoId? after = query.Continuation is { } continuation ? VideoId.Parse(continuation) : null;
        var terms = query.Search is { } search ? SearchTerms.Parse(search) : null;
        if (terms is { Wanted: [] })
            return new VideoPage([], null);
        var (videos, next) = await Walk.PageAsync([.. ListsOf(query, terms)], IsWanted, after, query.Limit, cancellationToken);
        return new VideoPage([.. videos], next?.ToString());

        bool IsWanted(Video video) => query.Has(video) && (terms is null || terms.Match(video.Details));
    }

    public Task<VideoCounts> CountAsync(CancellationToken cancellationToken) => Counts.CountAsync(cancellationToken);

    public async Task<ImmutableArray<Video>> ListAllAsync(VideoId? after, int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 200);
        // Each video has a partition of its own. No id has a character above "z", nor is longer than another.
        var range = after is { } last ? RowRange.Partitions($"{last}!", "{") : RowRange.All;
        return
        [
            .. await _videos
                .ListAsync(range, count, null, cancellationToken)
                .Take(count)
                .Where(row => row.Key == VideoRow.RowKey)
                .Select(VideoRow.Read)
                .ToListAsync(cancellationToken),
        ];
    }

    public IAsyncEnumerable<Video> ListUnfinishedAsync(CancellationToken cancellationToken) =>
        ListAsync(Listings.Unfinished, video => video.IsUnfinished, cancellationToken);

    public IAsyncEnumerable<Video> ListUntoldAsync(CancellationToken cancellationToken) =>
        ListAsync(Listings.Untold, video => video.Untold.Length > 0, cancellationToken);

    async IAsyncEnumerable<Video> ListAsync(
        Listing listing,
        Func<Video, bool> isWanted,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        const int PageSize = 200;
        var list = new ListingList(_listing, listing, isWanted);
        VideoId? after = null;
        do
        {
            (var videos, after) = await Walk.PageAsync([list], isWanted, after, PageSize, cancellationToken);
            foreach (var video in videos)
                yield return video;
        } while (after is not null);
    }

    public async Task<bool> IndexAsync(CancellationToken cancellationToken)
    {
        const int AtOnce = 200;
        const int ParallelVideos = 8;
        var indexing = new Indexing(rows.Table(VaultTables.Listing), Search.Name);
        if (await indexing.FindAsync(cancellationToken) is not { } place)
            return true;
        var (ids, more) = await _listing.ReadAsync(Listings.All, place.After, AtOnce, cancellationToken);
        var options = new ParallelOptions { MaxDegreeOfParallelism = ParallelVideos, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            ids,
            options,
            async (id, cancellation) =>
            {
                if (await FindAsync(id, cancellation) is { } video)
                    await _listing.AddAsync(id, ListingsOf(video), cancellation);
            }
        );
        await Search.IndexAsync(ids, cancellationToken);
        await indexing.MoveAsync(more ? new IndexingPlace(ids[^1]) : null, cancellationToken);
        // Of a library with nothing in it there is nothing to tell.
        if (!more && (ids.Length > 0 || place.After is not null))
            log.LibraryIndexed();
        return !more;
    }

    public async Task RemoveAsync(VideoId id, CancellationToken cancellationToken)
    {
        // Chunk records first: while the row stands, a repeated call still finds what is left. After the row, entries only lead nowhere.
        await _chunks.RemoveAllAsync(id, cancellationToken);
        var video = await FindAsync(id, cancellationToken);
        await _videos.DeleteAsync(id.ToString(), VideoRow.RowKey, cancellationToken);
        await _listing.RemoveAsync(
            id,
            video is null ? [Listings.All, Listings.Unfinished, Listings.Untold, Listings.Status(VideoStatus.Deleting)] : ListingsOf(video),
            cancellationToken
        );
    }

    public Task<ChunkRecord> AddChunkAsync(VideoId id, int attempt, ChunkRecord chunk, CancellationToken cancellationToken) =>
        _chunks.AddAsync(id, attempt, chunk, cancellationToken);

    public Task ReplaceChunkAsync(VideoId id, int attempt, ChunkRecord chunk, CancellationToken cancellationToken) =>
        _chunks.PutAsync(id, attempt, chunk, cancellationToken);

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

    public async Task<long> MeasureAsync(CancellationToken cancellationToken)
    {
        var bytes = 0L;
        await foreach (var row in _videos.ListAsync(RowRange.All, RowLimits.MostPageRows, VideoRow.SizeColumns, cancellationToken))
            bytes += VideoRow.StoredBytes(row);
        return bytes;
    }

    async Task<VideoPage> ListInOrderAsync(VideoQuery query, CancellationToken cancellationToken)
    {
        if (query.Continuation is { } continuation && !ListOrder.IsKey(query.Order, continuation))
            throw new FormatException("This is no continuation of a list in this order.");
        // The folder leads where there is one; of a tag besides, the rows tell.
        var list =
            query.InFolder is { } folder ? FolderListing(query, folder)
            : query.Tag is { } tag ? Listings.Tag(tag)
            : Listings.All;
        var (videos, next) = await Ordered.PageAsync(list, query.Order, query.Has, query.Continuation, query.Limit, cancellationToken);
        return new VideoPage([.. videos], next);
    }

    /// <summary>With what the change means to others, which is so written together with it.</summary>
    async ValueTask<Video> NoteAsync(Video? before, Video video, CancellationToken cancellationToken)
    {
        if (wishes is null || LifeEvent.Between(before, video) is not { } kind || !await wishes.AreWantedAsync(kind, cancellationToken))
            return video;
        // Each is handed on within seconds; where nothing does that, the row must not grow.
        return video with { Untold = [.. video.Untold.TakeLast(MostUntold - 1), LifeEvent.New(kind, video, time.GetUtcNow())] };
    }

    static Listing FolderListing(VideoQuery query, string folder) => query.Below ? Listings.Below(folder) : Listings.Folder(folder);

    IEnumerable<IVideoList> ListsOf(VideoQuery query, SearchTerms? terms)
    {
        // Of those that folders and tags do not list, the rows tell.
        if (query is { InFolder: { } folder, WantsUnlisted: false })
            yield return new ListingList(_listing, FolderListing(query, folder), video => video.IsListed && query.IsInFolder(video));
        if (query is { Tag: { } tag, WantsUnlisted: false })
            yield return new ListingList(_listing, Listings.Tag(tag), video => video.IsListed && video.Details.Tags.Contains(tag));
        if (query is { SizeBytes: { } size, WantsUnlisted: false })
            yield return new ListingList(_listing, Listings.Size(size), video => video.IsListed && video.Upload.SizeBytes == size);
        if (query is { Sha256: { } hash, WantsUnlisted: false })
            yield return new ListingList(_listing, Listings.Sha256(hash), video => video.IsListed && video.Upload.Sha256 == hash);
        if (query.Status is { } status)
            yield return new ListingList(_listing, Listings.Status(status), video => video.Life.Status == status);
        if (terms is not null)
        {
            foreach (var list in Search.ListsOf(terms))
                yield return list;
        }
        else if (query is { InFolder: null, Tag: null, SizeBytes: null, Sha256: null, Status: null })
        {
            yield return new ListingList(_listing, Listings.All, video => video.IsListed);
        }
    }

    HashSet<Listing> ListingsOf(Video video) => [.. Listings.Of(video), .. Search.ListingsOf(video.Details)];

    /// <summary>
    /// The lists that one video is in before and after a change: those of its words only where there may be other words. What comes back
    /// from the trash gets them all: indexing does not see what is there.
    /// </summary>
    (HashSet<Listing> Before, HashSet<Listing> After) ListingsOf(Video before, Video after) =>
        !before.IsListed && after.IsListed ? (Listings.Of(before), ListingsOf(after))
        : before.Details with { Tags = [] } == after.Details with { Tags = [] } && before.Details.Tags.SequenceEqual(after.Details.Tags)
            ? (Listings.Of(before), Listings.Of(after))
        : (ListingsOf(before), ListingsOf(after));
}
