using TgVault.Core;
using TgVault.Core.Playback.Open;

namespace TgVault.Testing.Playback;

/// <summary>Opens videos the way requests do: takes the row, then opens by it.</summary>
public static class OpeningById
{
    /// <summary>The plaintext of the prepared file (0) or a companion; null where there is no such video, or it is not ready.</summary>
    public static async Task<VideoStream?> OpenAsync(this OpenVideos videos, VideoId id, int file, CancellationToken cancellationToken) =>
        await videos.FindAsync(id, cancellationToken) is { } row ? await videos.OpenAsync(row, file, cancellationToken) : null;

    /// <inheritdoc cref="OpenAsync(OpenVideos, VideoId, int, CancellationToken)"/>
    public static Task<VideoStream?> OpenAsync(this OpenVideos videos, VideoId id, CancellationToken cancellationToken) =>
        videos.OpenAsync(id, 0, cancellationToken);
}
