using System.Collections.Immutable;
using System.Text.Json.Serialization;
using TgVault.Core.Chunks;

namespace TgVault.Core.Catalogue;

/// <summary>The JSON of FORMAT.md 5.2, for the pinned catalogue.</summary>
sealed record WrittenHead : IVersioned
{
    public required int Version { get; init; }

    public required long Sequence { get; init; }

    public required DateTimeOffset Written { get; init; }

    public required ImmutableArray<WrittenEntry> Recent { get; init; }

    public required ImmutableArray<CatalogueSegment> Segments { get; init; }
}

/// <summary>The JSON of FORMAT.md 5.2, for a segment.</summary>
sealed record WrittenSegment : IVersioned
{
    public required int Version { get; init; }

    public required int Level { get; init; }

    public ImmutableArray<WrittenEntry>? Entries { get; init; }

    public ImmutableArray<CatalogueSegment>? Segments { get; init; }
}

sealed record WrittenEntry(string Video, string Change, DateTimeOffset Time, ChunkReceipt? Manifest = null)
{
    const string Put = "put";
    const string Remove = "remove";

    public static WrittenEntry From(CatalogueEntry entry) =>
        new(entry.Video.ToString(), entry.Manifest is null ? Remove : Put, entry.Time, entry.Manifest);

    /// <exception cref="IntegrityException">Not an entry.</exception>
    public CatalogueEntry ToEntry() =>
        VideoId.TryParse(Video) is { } id && (Change, Manifest) is (Put, not null) or (Remove, null)
            ? new CatalogueEntry(id, Time, Manifest)
            : throw new IntegrityException("The catalogue opens, but an entry in it says what cannot be.");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(WrittenHead))]
[JsonSerializable(typeof(WrittenSegment))]
[JsonSerializable(typeof(ChunkReceipt))]
[JsonSerializable(typeof(ImmutableArray<ChunkReceipt>))]
[JsonSerializable(typeof(ImmutableArray<CatalogueSegment>))]
sealed partial class CatalogueJson : JsonSerializerContext;
