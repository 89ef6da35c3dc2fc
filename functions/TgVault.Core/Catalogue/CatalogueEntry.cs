using System.Collections.Immutable;
using TgVault.Core.Chunks;
using TgVault.Core.Videos;

namespace TgVault.Core.Catalogue;

/// <summary>One change of the list of manifests: <paramref name="Manifest"/> is where the video's newest manifest lies, or null where the video was removed.</summary>
public sealed record CatalogueEntry(VideoId Video, DateTimeOffset Time, ChunkReceipt? Manifest)
{
    /// <summary>That the video's manifest lies where its row says.</summary>
    /// <exception cref="InvalidOperationException">The row has no manifest: a bug.</exception>
    public static CatalogueEntry Of(Video video) =>
        new(
            video.Id,
            video.Updated,
            video.Manifests.Newest ?? throw new InvalidOperationException($"Video {video.Id} has no manifest to publish: a bug.")
        );

    /// <summary>That the video is gone.</summary>
    public static CatalogueEntry Removal(VideoId video, DateTimeOffset time) => new(video, time, null);
}

/// <summary>A part of the catalogue that never changes: entries at level 0, references to the level below otherwise.</summary>
/// <param name="Entries">How many entries there are in all below it.</param>
sealed record CatalogueSegment(int Level, long Entries, ChunkReceipt Receipt);

/// <summary>The newest state of the catalogue: what the pinned document holds.</summary>
/// <param name="Recent">The latest changes, one per video; they win over all segments.</param>
/// <param name="Segments">Oldest first; later ones win.</param>
sealed record CatalogueHead(
    long Sequence,
    DateTimeOffset Written,
    ImmutableArray<CatalogueEntry> Recent,
    ImmutableArray<CatalogueSegment> Segments
);
