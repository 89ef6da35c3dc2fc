using Microsoft.Extensions.Logging;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Library;
using TgVault.Core.Playback.Spans;
using TgVault.Core.Settings;
using TgVault.Core.Videos;

namespace TgVault.Core.Playback.Open;

/// <summary>
/// Opens ready videos for playing. Rows and unwrapped keys of the videos played last are kept; a row is read again when it is older
/// than <see cref="RowLifetime"/>, so a video that was removed or replaced stops playing that soon, streams under way included.
/// </summary>
public sealed class OpenVideos(
    ILibrary library,
    IChunkStore store,
    KeyRing keys,
    SpanCache cache,
    PlaybackSettings settings,
    TimeProvider time,
    ILogger<OpenVideos> log
) : IDisposable
{
    /// <summary>How old a row may be that playback goes by.</summary>
    public static readonly TimeSpan RowLifetime = TimeSpan.FromSeconds(5);

    const int KeptFiles = 256;

    readonly Lock _gate = new();
    readonly Dictionary<(VideoId Video, int File), PlayableFile> _opened = [];
    bool _disposed;

    /// <summary>The video's row: of a ready one as it was at most <see cref="RowLifetime"/> ago, of others as it is now; null where there is none.</summary>
    /// <exception cref="IntegrityException">It is ready but its key does not open.</exception>
    public async ValueTask<Video?> FindAsync(VideoId id, CancellationToken cancellationToken) =>
        (await FindReadAsync(id, cancellationToken)).Row;

    /// <summary>The plaintext of a ready video; null where there is none or it is not ready. The caller disposes the stream.</summary>
    /// <exception cref="IntegrityException">Its key does not open.</exception>
    public ValueTask<VideoStream?> OpenAsync(VideoId id, CancellationToken cancellationToken) => OpenAsync(id, 0, cancellationToken);

    /// <summary>The plaintext of a stored companion of a ready video, or of its prepared file (0); null where there is none. The caller disposes the stream.</summary>
    /// <exception cref="IntegrityException">Its key does not open.</exception>
    public async ValueTask<VideoStream?> OpenAsync(VideoId id, int file, CancellationToken cancellationToken)
    {
        while (await FindReadAsync(id, cancellationToken) is ({ Life.Status: VideoStatus.Ready } row, var readAt))
        {
            if (file != 0)
            {
                if (!row.Files.Companions.Any(companion => companion.Number == file && companion.State == CompanionState.Stored))
                    return null;
                Keep(row, file, readAt);
            }

            lock (_gate)
            {
                // Others may have pushed it out in between.
                if (!_opened.TryGetValue((id, file), out var video))
                    continue;
                video.Acquire();
                return new VideoStream(this, video, cache, settings, time, log);
            }
        }

        return null;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (var video in _opened.Values)
                video.Release();
            _opened.Clear();
        }
    }

    /// <summary>Makes sure that what a stream plays is still the video's ready file.</summary>
    /// <exception cref="VaultException">It was removed or replaced.</exception>
    internal async ValueTask CheckCurrentAsync(PlayableFile video, CancellationToken cancellationToken)
    {
        if (IsFresh(video))
            return;
        var row = await FindAsync(video.Row.Id, cancellationToken);
        if (row is not { Life.Status: VideoStatus.Ready } || !video.IsSameFile(row))
            throw new VaultException($"Video {video.Row.Id} was removed or replaced while it was played.");
        video.ReadAt = time.GetTimestamp();
    }

    async ValueTask<(Video? Row, long ReadAt)> FindReadAsync(VideoId id, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_opened.TryGetValue((id, 0), out var opened) && IsFresh(opened))
                return (opened.Row, opened.ReadAt);
        }

        var row = await library.FindAsync(id, cancellationToken);
        var readAt = time.GetTimestamp();
        Drop(id, file => row is not { Life.Status: VideoStatus.Ready } || (file.File.Number != 0 && !file.IsSameFile(row)));
        if (row is { Life.Status: VideoStatus.Ready })
            Keep(row, 0, readAt);
        return (row, readAt);
    }

    bool IsFresh(PlayableFile video) => time.GetElapsedTime(video.ReadAt) < RowLifetime;

    void Keep(Video row, int file, long readAt)
    {
        lock (_gate)
        {
            if (_opened.TryGetValue((row.Id, file), out var known) && known.IsSameFile(row))
            {
                known.Row = row;
                known.ReadAt = readAt;
                return;
            }
        }

        var opened = PlayableFile.Open(row, file, keys, library, store, log);
        opened.ReadAt = readAt;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_opened.Remove((row.Id, file), out var older))
                older.Release();
            else if (_opened.Count >= KeptFiles && _opened.Remove(_opened.MinBy(kept => kept.Value.ReadAt).Key, out var oldest))
                oldest.Release();
            _opened[(row.Id, file)] = opened;
        }
    }

    void Drop(VideoId id, Func<PlayableFile, bool> which)
    {
        lock (_gate)
        {
            foreach (var (key, file) in _opened.Where(opened => opened.Key.Video == id && which(opened.Value)).ToList())
            {
                _opened.Remove(key);
                file.Release();
            }
        }
    }
}
