using Microsoft.Extensions.Logging;
using TgVault.Core.Caching;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Library;
using TgVault.Core.Playback.Budget;
using TgVault.Core.Playback.Spans;
using TgVault.Core.Settings;
using TgVault.Core.Videos;

namespace TgVault.Core.Playback.Open;

/// <summary>
/// Opens files of ready videos for playing. A request takes the video's row once and opens by it. Rows and unwrapped keys of the videos
/// played last are kept; a row is read again when it is older than <see cref="RowLifetime"/>, so a video that was removed or replaced
/// stops playing that soon, streams under way included.
/// </summary>
public sealed class OpenVideos : IDisposable
{
    /// <summary>How old a row may be that playback goes by.</summary>
    public static readonly TimeSpan RowLifetime = TimeSpan.FromSeconds(5);

    const long MaxRowBytes = 4 << 20;

    // An open file is a key and a plan; this is for some 256 of them.
    const long MaxFileBytes = 256 * FileBytes;
    const long FileBytes = 1024;

    readonly ILibrary _library;
    readonly ChunkReading _reading;
    readonly KeyRing _keys;
    readonly SpanCache _spans;
    readonly PlaybackSettings _settings;
    readonly TimeProvider _time;
    readonly ILogger _log;
    readonly ChunkRecords _records;
    readonly SharedCache<VideoId, Video?> _rows;
    readonly SharedCache<(VideoId Video, int Number), PlayableFile> _files;

    internal OpenVideos(
        ILibrary library,
        ChunkReading reading,
        KeyRing keys,
        SpanCache spans,
        PlaybackSettings settings,
        TimeProvider time,
        ILogger<OpenVideos> log
    )
    {
        _library = library;
        _reading = reading;
        _keys = keys;
        _spans = spans;
        _settings = settings;
        _time = time;
        _log = log;
        _records = new ChunkRecords(library);
        _rows = new SharedCache<VideoId, Video?>(MaxRowBytes, BytesOf) { Lifetime = RowLifetime, Time = time };
        _files = new SharedCache<(VideoId, int), PlayableFile>(MaxFileBytes, _ => FileBytes) { Dropped = file => file.Release() };
    }

    /// <summary>
    /// The video's row: of a ready one as it was at most <see cref="RowLifetime"/> ago, of others as it is now; null where there is none.
    /// </summary>
    public async ValueTask<Video?> FindAsync(VideoId id, CancellationToken cancellationToken)
    {
        if (_rows.TryGet(id, out var kept))
            return kept;
        var row = await _rows.GetAsync(id, token => ReadRowAsync(id, token), cancellationToken);
        if (row is not { Life.Status: VideoStatus.Ready })
            _rows.Remove(id, row);
        return row;
    }

    /// <summary>The video's row as it is now.</summary>
    public async ValueTask<Video?> FindNowAsync(VideoId id, CancellationToken cancellationToken)
    {
        if (_rows.TryGet(id, out var kept))
            _rows.Remove(id, kept);
        return await FindAsync(id, cancellationToken);
    }

    /// <summary>
    /// The plaintext of a ready video's prepared file; null where the row is of no ready video. The caller disposes the stream.
    /// </summary>
    /// <inheritdoc cref="OpenAsync(Video, int, CancellationToken)"/>
    public ValueTask<VideoStream?> OpenAsync(Video row, CancellationToken cancellationToken) => OpenAsync(row, 0, cancellationToken);

    /// <summary>
    /// The plaintext of a stored companion of a ready video, or of its prepared file (0); null where the row has none. It is read for
    /// <see cref="LinkAllowance.Current"/>. The caller disposes the stream.
    /// </summary>
    /// <exception cref="IntegrityException">Its key does not open.</exception>
    public async ValueTask<VideoStream?> OpenAsync(Video row, int file, CancellationToken cancellationToken)
    {
        if (row.Life.Status != VideoStatus.Ready || (file != 0 && !HasStored(row, file)))
            return null;
        while (true)
        {
            var opened = await _files.GetAsync(
                (row.Id, file),
                _ => Task.FromResult(PlayableFile.Open(row, file, _keys, _records, _reading, _log)),
                cancellationToken
            );
            if (!opened.IsSameFile(row))
            {
                _files.Remove((row.Id, file), opened);
            }
            // Others may have pushed it out in between.
            else if (opened.TryAcquire())
            {
                _log.FileOpened(row.Id, file);
                return new VideoStream(this, opened, _spans, _settings, _time, _log, LinkAllowance.Current);
            }
        }
    }

    public void Dispose()
    {
        _rows.Dispose();
        _files.Dispose();
        _records.Dispose();
    }

    /// <summary>Makes sure that what a stream plays is still the video's ready file.</summary>
    /// <exception cref="VaultException">It was removed or replaced.</exception>
    internal async ValueTask CheckCurrentAsync(PlayableFile file, CancellationToken cancellationToken)
    {
        var row = await FindAsync(file.Video, cancellationToken);
        if (ReferenceEquals(row, file.CheckedRow))
            return;
        if (row is not { Life.Status: VideoStatus.Ready } || !file.IsSameFile(row))
            throw Replaced(file.Video);
        file.CheckedRow = row;
    }

    internal static VaultException Replaced(VideoId id) => new($"Video {id} was removed or replaced while it was played.");

    async Task<Video?> ReadRowAsync(VideoId id, CancellationToken cancellationToken)
    {
        var row = await _library.FindAsync(id, cancellationToken);
        // The key of a file that is gone does not stay.
        _files.RemoveWhere((key, file) => key.Video == id && (row is not { Life.Status: VideoStatus.Ready } || !file.IsSameFile(row)));
        return row;
    }

    static bool HasStored(Video row, int file) =>
        row.Files.Companions.Any(companion => companion.Number == file && companion.State == CompanionState.Stored);

    // Roughly: a companion has a key, a plan and some names.
    static long BytesOf(Video? row) => 2048 + (1024L * (row?.Files.Companions.Length ?? 0));
}
