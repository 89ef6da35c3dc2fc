using System.Collections.Immutable;
using TgVault.Core.Library.Lists;
using TgVault.Core.Library.Search;
using TgVault.Core.Videos;

namespace TgVault.Core.Library;

/// <summary>Which videos to list: all, or those with everything that is given.</summary>
/// <param name="Folder">Only of this folder; empty: of none, unless <see cref="Below"/>.</param>
/// <param name="Tag">Only with this tag.</param>
/// <param name="Limit">1 to 200.</param>
/// <param name="Continuation">What the page before gave; null for the first.</param>
public sealed record VideoQuery(string? Folder, string? Tag, int Limit, string? Continuation)
{
    /// <summary>Characters of <see cref="Search"/>.</summary>
    public const int MostSearchCharacters = SearchTerms.MostCharacters;

    /// <summary>With a folder: also of those that lie in it.</summary>
    public bool Below { get; init; }

    /// <summary>Only those whose upload has so many bytes.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>Only those whose upload has this SHA-256, 64 lower-case hex digits.</summary>
    public string? Sha256 { get; init; }

    /// <summary>
    /// Their order. In another than newest first they are narrowed by folder and tag, and by nothing else: each order is a list of its own.
    /// </summary>
    public VideoOrder Order { get; init; }

    /// <summary>Only of this status. Without it none that is in the trash.</summary>
    public VideoStatus? Status { get; init; }

    /// <summary>
    /// Only with words that begin like each of the words in this text, in name, folder, tags or description; accents, case and punctuation
    /// do not count. A text without a word finds nothing.
    /// </summary>
    public string? Search { get; init; }

    /// <summary>The folder that narrows the list; everything lies below none.</summary>
    internal string? InFolder => Folder is { Length: 0 } && Below ? null : Folder;

    /// <summary>Whether a video has what is asked for, but for the search.</summary>
    internal bool Has(Video video) =>
        IsInFolder(video)
        && (Tag is null || video.Details.Tags.Contains(Tag))
        && (SizeBytes is null || video.Upload.SizeBytes == SizeBytes)
        && (Sha256 is null || video.Upload.Sha256 == Sha256)
        && (Status is null ? video.IsListed : video.Life.Status == Status);

    /// <summary>Whether videos are asked for that are in no list but that of their status.</summary>
    internal bool WantsUnlisted => Status is VideoStatus.Trashed or VideoStatus.Deleting;

    internal bool IsInFolder(Video video) =>
        InFolder is not { } folder || (Below ? VideoFolders.IsBelow(video.Details.Folder, folder) : video.Details.Folder == folder);

    /// <summary>Whether what narrows the list goes with an order other than newest first.</summary>
    public bool FitsOrders => this is { Status: null, Search: null, SizeBytes: null, Sha256: null };

    /// <exception cref="ArgumentException">What narrows the list does not go with its order.</exception>
    internal void CheckOrder()
    {
        if (Order != VideoOrder.Newest && !FitsOrders)
            throw new ArgumentException("Only a list of the newest is narrowed by more than folder and tag.");
    }
}

/// <summary>
/// Videos in the order that was asked for; <paramref name="Continuation"/> is null on the last page. Others may be short, or empty, where
/// much had to be looked through.
/// </summary>
public sealed record VideoPage(ImmutableArray<Video> Videos, string? Continuation);

/// <summary>
/// The rows of videos and chunks. A call costs what it touches, whatever the library holds: one row by its key, one page of a listing,
/// the chunks of one range. All calls may be made at the same time; writes of a video row succeed only against the version that was read.
/// </summary>
public interface ILibrary
{
    /// <summary>Makes the tables.</summary>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Adds a video; false where the id exists already (nothing is changed then).</summary>
    Task<bool> TryAddAsync(Video video, CancellationToken cancellationToken);

    /// <summary>The row as it is now; null where there is none.</summary>
    Task<Video?> FindAsync(VideoId id, CancellationToken cancellationToken);

    /// <summary>
    /// Whether the video is being ingested, in this attempt. Costs little, whatever the row holds: asked before every chunk.
    /// </summary>
    async Task<bool> IsIngestingAsync(VideoId id, int attempt, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) is { Life: { Status: VideoStatus.Ingesting, Attempt: var current } } && current == attempt;

    /// <summary>
    /// Replaces the row that was read as <paramref name="video"/>.RowVersion and returns the stored one. Null where it has changed since
    /// or is gone.
    /// </summary>
    Task<Video?> TryReplaceAsync(Video video, CancellationToken cancellationToken);

    /// <summary>A page of videos. A video that is being added or removed at this moment may be left out.</summary>
    /// <exception cref="FormatException">The continuation is not one that this library gave.</exception>
    /// <exception cref="ArgumentException">The limit is not 1 to 200, the search is longer than it may be, or goes with another
    /// order.</exception>
    Task<VideoPage> ListAsync(VideoQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// How many videos there are by folder, tag and status. Costs a look at every entry of these lists: keep what it gives for a while.
    /// A list may count one too many where a write was interrupted, until it is read.
    /// </summary>
    Task<VideoCounts> CountAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Bytes of all files that are stored, before they are sealed. Costs a look at every video's row: keep what it gives for a while.
    /// </summary>
    Task<long> MeasureAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Makes the next so many videos that an earlier version wrote findable by all that this one lists by; true once none is left. Safe to
    /// repeat, and at any time: until then those may be missing where status or words are asked for.
    /// </summary>
    Task<bool> IndexAsync(CancellationToken cancellationToken) => Task.FromResult(true);

    /// <summary>Every video, also what is in the trash or being removed, in the order of ids.</summary>
    /// <param name="after">Only those behind this one; null: from the first on.</param>
    /// <param name="count">How many at most, 1 to 200.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    Task<ImmutableArray<Video>> ListAllAsync(VideoId? after, int count, CancellationToken cancellationToken);

    /// <summary>The videos that are <see cref="Video.IsUnfinished"/>. Costs what is in that state.</summary>
    IAsyncEnumerable<Video> ListUnfinishedAsync(CancellationToken cancellationToken);

    /// <summary>The videos with <see cref="Video.Untold"/>. Costs what is in that state.</summary>
    IAsyncEnumerable<Video> ListUntoldAsync(CancellationToken cancellationToken) => AsyncEnumerable.Empty<Video>();

    /// <summary>Removes the video, its listing entries and all its chunk records. Safe to repeat.</summary>
    Task RemoveAsync(VideoId id, CancellationToken cancellationToken);

    /// <summary>Records a chunk under (attempt, index) and returns what is recorded: an earlier record wins.</summary>
    internal Task<ChunkRecord> AddChunkAsync(VideoId id, int attempt, ChunkRecord chunk, CancellationToken cancellationToken);

    /// <summary>Records a chunk in place of what is recorded under its number.</summary>
    internal async Task ReplaceChunkAsync(VideoId id, int attempt, ChunkRecord chunk, CancellationToken cancellationToken)
    {
        await RemoveChunkAsync(id, attempt, chunk.Number, cancellationToken);
        await AddChunkAsync(id, attempt, chunk, cancellationToken);
    }

    internal Task<ChunkRecord?> FindChunkAsync(VideoId id, int attempt, ChunkNumber number, CancellationToken cancellationToken);

    /// <summary>Forgets one chunk, which did not come back from the store. Safe to repeat.</summary>
    internal Task RemoveChunkAsync(VideoId id, int attempt, ChunkNumber number, CancellationToken cancellationToken);

    /// <summary>
    /// The recorded chunks with numbers from <paramref name="first"/> on, at most <paramref name="count"/> numbers, in order, of whichever
    /// files. Missing ones are left out.
    /// </summary>
    internal IAsyncEnumerable<ChunkRecord> ListChunksAsync(
        VideoId id,
        int attempt,
        ChunkNumber first,
        int count,
        CancellationToken cancellationToken
    );
}

/// <summary>Changes of a row while others write it, too.</summary>
public static class LibraryChanges
{
    /// <summary>
    /// Reads the row, applies <paramref name="change"/> and writes it back; starts again where others wrote in between.
    /// <paramref name="change"/> may return its argument or null to leave the row as it is. Returns the row as it now stands; null where
    /// there is none.
    /// </summary>
    public static async Task<Video?> ChangeAsync(
        this ILibrary library,
        VideoId id,
        Func<Video, Video?> change,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var current = await library.FindAsync(id, cancellationToken);
            if (current is null)
                return null;
            var changed = change(current);
            if (changed is null || ReferenceEquals(changed, current))
                return current;
            if (await library.TryReplaceAsync(changed, cancellationToken) is { } stored)
                return stored;
        }
    }
}
