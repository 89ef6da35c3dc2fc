using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using TgVault.Core;
using TgVault.Core.Library;
using TgVault.Core.Library.Lists;
using TgVault.Core.Library.Search;
using TgVault.Core.Videos;

namespace TgVault.Testing;

/// <summary>A library in memory that keeps the contract (LibraryContract runs against it), for tests that are not about
/// storage.</summary>
sealed class MemoryLibrary : ILibrary
{
    readonly Lock _gate = new();
    readonly SortedDictionary<VideoId, Video> _videos = [];
    readonly SortedDictionary<(VideoId Id, int Attempt, ChunkNumber Number), ChunkRecord> _chunks = [];

    long _versions;

    public Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<bool> TryAddAsync(Video video, CancellationToken cancellationToken)
    {
        lock (_gate)
            return Task.FromResult(_videos.TryAdd(video.Id, Stamped(video)));
    }

    public Task<Video?> FindAsync(VideoId id, CancellationToken cancellationToken)
    {
        lock (_gate)
            return Task.FromResult(_videos.GetValueOrDefault(id));
    }

    public Task<Video?> TryReplaceAsync(Video video, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_videos.TryGetValue(video.Id, out var current) || current.RowVersion != video.RowVersion)
                return Task.FromResult<Video?>(null);
            return Task.FromResult<Video?>(_videos[video.Id] = Stamped(video));
        }
    }

    public Task<VideoPage> ListAsync(VideoQuery query, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, 200);
        query.CheckOrder();
        var (order, after) = OrderOf(query);
        var terms = query.Search is { } search ? SearchTerms.Parse(search) : null;
        lock (_gate)
        {
            var found = _videos
                .Values.OrderBy(order, StringComparer.Ordinal)
                .Where(video => after is null || string.CompareOrdinal(order(video), after) > 0)
                .Where(query.Has)
                .Where(video => terms is null || terms.Match(video.Details))
                .Take(query.Limit + 1)
                .ToList();
            return Task.FromResult(
                found.Count > query.Limit
                    ? new VideoPage([.. found.Take(query.Limit)], order(found[query.Limit - 1]))
                    : new VideoPage([.. found], null)
            );
        }
    }

    public Task<VideoCounts> CountAsync(CancellationToken cancellationToken)
    {
        var videos = Snapshot(() => _videos.Values);
        var listed = videos.Where(video => video.IsListed).ToList();
        return Task.FromResult(
            new VideoCounts(
                Counted(listed.Select(video => video.Details.Folder)),
                Counted(listed.SelectMany(video => video.Details.Tags)),
                Counted(videos.Select(video => video.Life.Status))
            )
        );

        static ImmutableSortedDictionary<T, int> Counted<T>(IEnumerable<T> names)
            where T : notnull => names.CountBy(name => name).ToImmutableSortedDictionary();
    }

    public Task<long> MeasureAsync(CancellationToken cancellationToken) =>
        Task.FromResult(
            Snapshot(() => _videos.Values)
                .Sum(video =>
                    (video.Files.Plan?.LengthBytes ?? 0)
                    + video.Files.Companions.Where(one => one.State == CompanionState.Stored).Sum(one => one.LengthBytes)
                )
        );

    public Task<ImmutableArray<Video>> ListAllAsync(VideoId? after, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Snapshot(() => _videos.Values.Where(video => after is not { } last || video.Id.CompareTo(last) > 0).Take(count)));

    public async IAsyncEnumerable<Video> ListUnfinishedAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var video in Snapshot(() => _videos.Values.Where(video => video.IsUnfinished)))
            yield return video;
    }

    public Task RemoveAsync(VideoId id, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _videos.Remove(id);
            foreach (var key in _chunks.Keys.Where(key => key.Id == id).ToList())
                _chunks.Remove(key);
        }

        return Task.CompletedTask;
    }

    public Task<ChunkRecord> AddChunkAsync(VideoId id, int attempt, ChunkRecord chunk, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _chunks.TryAdd((id, attempt, chunk.Number), chunk with { Salt = chunk.Salt.ToArray() });
            return Task.FromResult(_chunks[(id, attempt, chunk.Number)]);
        }
    }

    public Task<ChunkRecord?> FindChunkAsync(VideoId id, int attempt, ChunkNumber number, CancellationToken cancellationToken)
    {
        lock (_gate)
            return Task.FromResult(_chunks.GetValueOrDefault((id, attempt, number)));
    }

    public Task RemoveChunkAsync(VideoId id, int attempt, ChunkNumber number, CancellationToken cancellationToken)
    {
        lock (_gate)
            _chunks.Remove((id, attempt, number));
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<ChunkRecord> ListChunksAsync(
        VideoId id,
        int attempt,
        ChunkNumber first,
        int count,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await Task.CompletedTask;
        var found = Snapshot(() =>
            _chunks
                .Where(row =>
                    row.Key.Id == id && row.Key.Attempt == attempt && row.Key.Number >= first && row.Key.Number.Value - first.Value < count
                )
                .Select(row => row.Value)
        );
        foreach (var chunk in found)
            yield return chunk;
    }

    /// <summary>What videos are ordered by, as continuations have it, and where to go on.</summary>
    static (Func<Video, string> Order, string? After) OrderOf(VideoQuery query)
    {
        if (query.Order != VideoOrder.Newest)
        {
            return query.Continuation is not { } key || ListOrder.IsKey(query.Order, key)
                ? (video => Listings.By(query.Order, Listings.All, video).KeyOf(video.Id), query.Continuation)
                : throw new FormatException("This is no continuation of a list in this order.");
        }

        return (video => video.Id.ToString(), query.Continuation is { } id ? VideoId.Parse(id).ToString() : null);
    }

    Video Stamped(Video video) => video with { RowVersion = (++_versions).ToString(CultureInfo.InvariantCulture) };

    ImmutableArray<T> Snapshot<T>(Func<IEnumerable<T>> select)
    {
        lock (_gate)
            return [.. select()];
    }
}
