using System.Text.Json;
using System.Text.Json.Serialization;

namespace TgVault.Core.Chunks;

/// <summary>A chunk plan in JSON is its text form.</summary>
sealed class ChunkPlanJson : JsonConverter<ChunkPlan>
{
    public override ChunkPlan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ChunkPlan.TryParse(reader.GetString()) ?? throw new JsonException("This is not a chunk plan.");

    public override void Write(Utf8JsonWriter writer, ChunkPlan value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
