using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Library;
using TgVault.Core.Playback.Budget;
using TgVault.Core.Playback.Captions;
using TgVault.Core.Playback.Open;
using TgVault.Core.Playback.Packaging;
using TgVault.Core.Playback.Spans;
using TgVault.Core.Settings;

namespace TgVault.Core.Playback;

/// <summary>How the parts of playback are put together.</summary>
static class PlaybackServices
{
    /// <summary>
    /// Registers what plays videos. Needs an <see cref="ILibrary"/>, an <see cref="IChunkStore"/>, a <see cref="KeyRing"/>, a clock and
    /// logging.
    /// </summary>
    public static IServiceCollection AddPlayback(this IServiceCollection services, PlaybackSettings settings) =>
        services
            .AddSingleton(_ => new SpanCache(settings.CacheBytes))
            .AddSingleton(provider => new FetchBudget(
                settings,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<FetchBudget>>()
            ))
            .AddSingleton(provider => new OpenVideos(
                provider.GetRequiredService<ILibrary>(),
                provider.GetService<ChunkReading>() ?? ChunkReading.Of(provider.GetRequiredService<IChunkStore>()),
                provider.GetRequiredService<KeyRing>(),
                provider.GetRequiredService<SpanCache>(),
                settings,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<OpenVideos>>()
            ))
            .AddSingleton(provider => new PackagedVideos(
                provider.GetRequiredService<OpenVideos>(),
                PackagedVideos.DefaultBytes,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<PackagedVideos>>()
            ))
            .AddSingleton<CaptionReader>()
            .AddSingleton<PictureReader>()
            .AddSingleton<RenditionReader>()
            .AddSingleton(provider => new AdaptiveFiles(
                provider.GetRequiredService<OpenVideos>(),
                provider.GetRequiredService<PackagedVideos>(),
                provider.GetRequiredService<RenditionReader>(),
                provider.GetRequiredService<CaptionReader>()
            ));
}
