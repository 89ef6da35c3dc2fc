using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using TgVault.Core.Videos;

namespace TgVault.Core.Playback.Packaging;

/// <summary>Finds what sizes there are of a ready video besides the original.</summary>
public sealed class RenditionReader(IndexCache indexes, ILogger<RenditionReader> log)
{
    /// <summary>The stored ones, in the order in which they were made: largest first.</summary>
    public static ImmutableArray<Companion> StoredOf(Video video) =>
        [.. video.Files.Companions.Where(companion => companion is { Kind: CompanionKind.Rendition, State: CompanionState.Stored, Of: 0 })];

    /// <summary>The one whose URLs begin with this name; null where there is none.</summary>
    public static Companion? Find(Video video, string name) => StoredOf(video).FirstOrDefault(companion => companion.Name == name);

    /// <summary>The original and all others that play.</summary>
    /// <exception cref="VaultException">The chunks could not be read, or the video was removed or replaced.</exception>
    public async Task<ImmutableArray<Rendition>> ListAsync(Video video, PackagedVideo original, CancellationToken cancellationToken)
    {
        var renditions = ImmutableArray.Create(new Rendition("", original.Index));
        foreach (var companion in StoredOf(video))
        {
            try
            {
                renditions = renditions.Add(
                    new Rendition(companion.Name + "/", (await indexes.GetAsync(video, companion.Number, cancellationToken)).Index)
                );
            }
            catch (MediaException exception)
            {
                log.RenditionLeftOut(video.Id, companion.Name, exception.Message);
            }
        }

        return renditions;
    }
}
