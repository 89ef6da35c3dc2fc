using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace TgVault.BotApi.Wire;

/// <summary>Writes answers as the Bot API server does: same status, same keys, same order.</summary>
static class Answer
{
    const string BadGatewayPage = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n";

    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task OkAsync(HttpResponse response, Action<Utf8JsonWriter> result, CancellationToken cancellationToken) =>
        WriteAsync(response, 200, json =>
        {
            json.WriteBoolean("ok", true);
            json.WritePropertyName("result");
            result(json);
        }, cancellationToken);

    public static Task ErrorAsync(HttpResponse response, BotApiException error, CancellationToken cancellationToken)
    {
        if (error.Html) return HtmlAsync(response, error.Code, cancellationToken);
        if (error.Code == 429 && error.RetryAfter is { } wait) response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        return WriteAsync(response, error.Code, json =>
        {
            json.WriteBoolean("ok", false);
            json.WriteNumber("error_code", error.Code);
            json.WriteString("description", error.Message);
            if (error.RetryAfter is not { } seconds) return;
            json.WriteStartObject("parameters");
            json.WriteNumber("retry_after", seconds);
            json.WriteEndObject();
        }, cancellationToken);
    }

    static async Task WriteAsync(HttpResponse response, int status, Action<Utf8JsonWriter> members, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body, Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = body.WrittenCount;
        await response.Body.WriteAsync(body.WrittenMemory, cancellationToken);
    }

    static async Task HtmlAsync(HttpResponse response, int status, CancellationToken cancellationToken)
    {
        var page = Encoding.ASCII.GetBytes(BadGatewayPage);
        response.StatusCode = status;
        response.ContentType = "text/html";
        response.ContentLength = page.Length;
        await response.Body.WriteAsync(page, cancellationToken);
    }
}
