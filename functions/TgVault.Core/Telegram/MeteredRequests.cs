using System.Diagnostics;
using System.Net;
using TgVault.Core.Telemetry;

namespace TgVault.Core.Telegram;

/// <summary>
/// Measures requests to the Bot API. In place of HttpClient's own instrumentation, which records addresses: here they hold the bot token.
/// What is kept of an address is which of the known methods it names.
/// </summary>
sealed class MeteredRequests(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    const string Download = "download";

    static readonly string[] Methods =
    [
        "sendDocument",
        "getFile",
        "forwardMessage",
        "deleteMessage",
        "pinChatMessage",
        "unpinChatMessage",
        "getChat",
        "getMe",
        "getChatMember",
    ];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!VaultMeter.TelegramDuration.Enabled && !VaultMeter.TelegramThrottles.Enabled)
            return await base.SendAsync(request, cancellationToken);
        var operation = OperationOf(request.RequestUri!);
        var began = Stopwatch.GetTimestamp();
        var status = 0;
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            status = (int)response.StatusCode;
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
                CountThrottle(operation);
            return response;
        }
        finally
        {
            VaultMeter.TelegramDuration.Record(
                Stopwatch.GetElapsedTime(began).TotalSeconds,
                new KeyValuePair<string, object?>(VaultTags.Operation, operation),
                new KeyValuePair<string, object?>(VaultTags.StatusCode, status)
            );
        }
    }

    /// <param name="operation">One of the known methods.</param>
    public static void CountThrottle(string operation) =>
        VaultMeter.TelegramThrottles.Add(1, new KeyValuePair<string, object?>(VaultTags.Operation, operation));

    static string OperationOf(Uri address)
    {
        if (address.AbsolutePath.StartsWith("/file/", StringComparison.Ordinal))
            return Download;
        return Array.Find(Methods, method => address.AbsolutePath.EndsWith("/" + method, StringComparison.OrdinalIgnoreCase)) ?? "other";
    }
}
