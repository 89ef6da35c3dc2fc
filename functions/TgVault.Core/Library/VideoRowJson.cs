using System.Collections.Immutable;
using System.Text.Json.Serialization;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Videos;

namespace TgVault.Core.Library;

/// <summary>How nested records lie in a video's row: names as in the code, enums by name, derived values left out.</summary>
[JsonSourceGenerationOptions(
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true
)]
[JsonSerializable(typeof(ImmutableArray<string>))]
[JsonSerializable(typeof(StagedBlob))]
[JsonSerializable(typeof(MediaDecision))]
[JsonSerializable(typeof(MediaSummary))]
[JsonSerializable(typeof(PreparedFile))]
[JsonSerializable(typeof(WrappedKey))]
[JsonSerializable(typeof(IngestProgress))]
[JsonSerializable(typeof(VideoWait))]
[JsonSerializable(typeof(ChunkReceipt))]
[JsonSerializable(typeof(ImmutableArray<Companion>))]
[JsonSerializable(typeof(ImmutableArray<ChunkReceipt>))]
[JsonSerializable(typeof(ImmutableArray<LifeEvent>))]
sealed partial class VideoRowJson : JsonSerializerContext;
