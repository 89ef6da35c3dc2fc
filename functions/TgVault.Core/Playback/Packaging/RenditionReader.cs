using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using TgVault.Core.Videos;

namespace TgVault.Core.Playback.Packaging;

/// <summary>Finds the renditions of ready videos: the sizes that there are besides the original.</summary>
internal sealed class RenditionReader(PackagedVideos packaged, ILogger<RenditionReader> log)
{
    /// <summary>The stored ones, in the order in which they were made: largest first.</summary>
    public static ImmutableArray<Companion> StoredOf(Video video) =>
        [.. video.Files.Companions.Where(companion => companion is { Kind: CompanionKind.Rendition, State: CompanionState.Stored, Of: 0 })];

    /// <summary>The one whose URLs begin with this name; null where there is none.</summary>
    public static Companion? Find(Video video, string name) => StoredOf(video).FirstOrDefault(companion => companion.Name == name);

    /// <summary>The original and all renditions that play.</summary>
    /// <exception cref="MediaException">The original does not play.</exception>
    /// <exception cref="VaultException">The chunks could not be read, or the row is not the video's any more.</exception>
    public async Task<ImmutableArray<VideoEncoding>> ListAsync(Video video, CancellationToken cancellationToken)
    {
        var encodings = ImmutableArray.CreateBuilder<VideoEncoding>();
        encodings.Add(new VideoEncoding("", await packaged.GetAsync(video, 0, cancellationToken)));
        foreach (var companion in StoredOf(video))
        {
            try
            {
                encodings.Add(new VideoEncoding(companion.Name + "/", await packaged.GetAsync(video, companion.Number, cancellationToken)));
            }
            catch (MediaException exception)
            {
                log.RenditionLeftOut(video.Id, companion.Name, exception.Message);
            }
        }

        return encodings.ToImmutable();
    }
}
