using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace TgVault.Web.Http;

/// <summary>How the vault writes JSON: camel case, enums as camel-case words, times of one form, nothing for null.</summary>
internal static class VaultJson
{
    public static JsonSerializerOptions Options { get; } = Create();

    public static IResult Answer<T>(T value, int status = StatusCodes.Status200OK) => new NotCached<T>(value, status);

    public static byte[] Serialize<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            NumberHandling = JsonNumberHandling.Strict,
            // Served as application/json with nosniff, never inside HTML: names stay readable.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        options.Converters.Add(new Times());
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    /// <summary>Times of one form in all answers: UTC to the millisecond, as RFC 3339 writes them.</summary>
    sealed class Times : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
    }

    sealed class NotCached<T>(T value, int status) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.CacheControl = "no-store";
            httpContext.Response.Headers.XContentTypeOptions = "nosniff";
            return TypedResults.Json(value, Options, statusCode: status).ExecuteAsync(httpContext);
        }
    }
}
