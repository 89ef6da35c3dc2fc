using System.Text.Json;
using System.Text.Json.Serialization;
using FFMpegCore;

namespace TgVault.Core.Ffmpeg;

/// <summary>
/// What ffprobe says of a file, in FFMpegCore's model. FFMpegCore's own analysis holds as many streams as there are; here their number is
/// bounded.
/// </summary>
sealed class ProbeAnswer
{
    /// <summary>More tracks than any camera, editor or broadcaster writes; further ones are passed over.</summary>
    public const int MaxStreams = 1024;

    /// <summary>What is said of the file as a whole; null where nothing is.</summary>
    [JsonPropertyName("format")]
    public FFProbeFormat? Format { get; init; }

    /// <summary>What is said of each stream, in the order in which it was printed.</summary>
    [JsonPropertyName("streams")]
    [JsonConverter(typeof(FirstStreams))]
    public IReadOnlyList<ProbeStream> Streams { get; init; } = [];

    /// <summary>Reads what <see cref="ProbeOutput"/> kept.</summary>
    /// <exception cref="FfmpegException">It is no JSON, or a value in it is of another type than ffprobe's.</exception>
    public static ProbeAnswer Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<ProbeAnswer>(json) ?? throw new JsonException("There is nothing in it.");
        }
        // FFMpegCore takes scalars only as side data, and what is neither fails as an operation.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new FfmpegException("ffprobe gave an answer that cannot be read.", 0, "", exception);
        }
    }

    sealed class FirstStreams : JsonConverter<IReadOnlyList<ProbeStream>>
    {
        public override bool HandleNull => true;

        public override IReadOnlyList<ProbeStream> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.StartArray)
                throw new JsonException("The streams are no list.");
            var streams = new List<ProbeStream>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (streams.Count == MaxStreams)
                    reader.Skip();
                else
                    streams.Add(
                        new ProbeStream(
                            JsonSerializer.Deserialize<FFProbeStream>(ref reader, options) ?? throw new JsonException("A stream is null.")
                        )
                    );
            }

            return streams;
        }

        public override void Write(Utf8JsonWriter writer, IReadOnlyList<ProbeStream> value, JsonSerializerOptions options) =>
            throw new NotSupportedException("What ffprobe says is only read.");
    }
}
