using System.Collections.Immutable;
using TgVault.Core.Chunks;

namespace TgVault.Core.Catalogue;

/// <summary>One change of the list of manifests.</summary>
/// <param name="Manifest">Where the video's newest manifest lies; null: the video was removed.</param>
sealed record CatalogueEntry(VideoId Video, DateTimeOffset Time, ChunkReceipt? Manifest);

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
