using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TgVault.BotApi.Http;

/// <summary>Answers in Telegram's shapes: the order of keys is that of its server.</summary>
static class Reply
{
    static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task ResultAsync(HttpContext context, JsonNode result, long? cutAt, bool cut) =>
        WriteAsync(context, 200, "application/json", new JsonObject { ["ok"] = true, ["result"] = result }.ToJsonString(Plain), cut, cutAt);

    public static Task RefusalAsync(HttpContext context, Refusal refusal)
    {
        var body = new JsonObject
        {
            ["ok"] = false,
            ["error_code"] = refusal.Code,
            ["description"] = refusal.Message,
        };
        if (refusal.RetryAfterSeconds is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            body["parameters"] = new JsonObject { ["retry_after"] = seconds };
        }

        return WriteAsync(context, refusal.Code, "application/json", body.ToJsonString(Plain), cut: false, cutAt: null);
    }

    public static Task HtmlAsync(HttpContext context, int status, string reason) =>
        WriteAsync(
            context,
            status,
            "text/html",
            $"<html>\r\n<head><title>{status} {reason}</title></head>\r\n<body>\r\n<center><h1>{status} {reason}</h1></center>\r\n"
                + "<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n",
            cut: false,
            cutAt: null
        );

    static async Task WriteAsync(HttpContext context, int status, string type, string body, bool cut, long? cutAt)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(body);
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength = bytes.Length;
        var sent = cut ? (int)Math.Clamp(cutAt ?? bytes.Length / 2, 0, bytes.Length - 1) : bytes.Length;
        await context.Response.Body.WriteAsync(bytes.AsMemory(0, sent), context.RequestAborted);
        if (!cut)
            return;
        await context.Response.Body.FlushAsync(context.RequestAborted);
        context.Abort();
    }
}
