using System.Text.Json;
using System.Text.Json.Serialization;

namespace TgVault.Core;

/// <summary>A video id in JSON is its text. Without this a serializer would write the creation time and read back the id zero.</summary>
sealed class VideoIdJson : JsonConverter<VideoId>
{
    public override VideoId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        VideoId.TryParse(reader.GetString()) ?? throw new JsonException("This is not a video id.");

    public override void Write(Utf8JsonWriter writer, VideoId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
