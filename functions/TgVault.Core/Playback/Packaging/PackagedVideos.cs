using Microsoft.Extensions.Logging;
using TgVault.Core.Caching;
using TgVault.Core.Playback.Open;
using TgVault.Core.Videos;

namespace TgVault.Core.Playback.Packaging;

/// <summary>The packaging of the stored MP4s played last. For any number of threads.</summary>
/// <param name="videos">Opens the files.</param>
/// <param name="maxBytes">Memory for indexes; the one in use is kept whatever its size.</param>
/// <param name="log">Is told what was stored and could not be used.</param>
internal sealed class PackagedVideos(OpenVideos videos, long maxBytes, ILogger<PackagedVideos> log) : IDisposable
{
    /// <summary>Ten three-hour films, or hundreds of clips.</summary>
    public const long DefaultBytes = 12 << 20;

    readonly IndexReader _reader = new(videos, log);
    readonly SharedCache<FileKey, PackagedVideo> _kept = new(maxBytes, video => video.MemoryBytes);

    /// <summary>The packaging of a ready video's prepared file (0), or of its companion with this number.</summary>
    /// <exception cref="MediaException">
    /// The stored file is no MP4, or one that cannot be cut into segments; the message is for people.
    /// </exception>
    /// <exception cref="VaultException">The chunks could not be read, or the row is not the video's any more.</exception>
    public ValueTask<PackagedVideo> GetAsync(Video video, int file, CancellationToken cancellationToken)
    {
        var key = new FileKey(video.Id, video.Life.Attempt, file);
        return _kept.TryGet(key, out var kept)
            ? ValueTask.FromResult(kept)
            : _kept.GetAsync(key, token => ReadAsync(video, file, token), cancellationToken);
    }

    public void Dispose()
    {
        _kept.Dispose();
        _reader.Dispose();
    }

    async Task<PackagedVideo> ReadAsync(Video video, int file, CancellationToken cancellationToken)
    {
        if (await _reader.TryReadStoredAsync(video, file, cancellationToken) is { } stored)
            return new PackagedVideo(stored);
        // Before a build has its turn: a rendition that waited for its original would keep it from it.
        var original = file == 0 ? null : await GetAsync(video, 0, cancellationToken);
        return new PackagedVideo(await _reader.BuildAsync(video, file, original?.Index, cancellationToken));
    }

    readonly record struct FileKey(VideoId Video, int Attempt, int File);
}
