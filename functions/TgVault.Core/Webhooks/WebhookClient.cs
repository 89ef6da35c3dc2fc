using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using TgVault.Core.Settings;

namespace TgVault.Core.Webhooks;

/// <summary>How one try went.</summary>
/// <param name="Status">Of HTTP; null where there was no answer.</param>
/// <param name="Took">Until the answer, or until none was to come.</param>
/// <param name="Problem">For a person; null where it was taken.</param>
/// <param name="RetryAfter">How long the address wants to be left alone; null where it does not say.</param>
sealed record WebhookAnswer(int? Status, TimeSpan Took, string? Problem, TimeSpan? RetryAfter)
{
    public bool IsTaken => Problem is null;

    /// <summary>It wants nothing any more.</summary>
    public bool IsGone => Status == StatusGone;

    /// <summary>Whether another message would be answered no better at this moment.</summary>
    public bool IsUnreachable => Status is null;

    const int StatusGone = (int)HttpStatusCode.Gone;
}

/// <summary>
/// Posts messages to addresses that somebody named. They may be anybody's, so nothing of an answer counts but its status: no redirect is
/// followed, no body read, and what a name leads to is looked at when it is connected to.
/// </summary>
sealed class WebhookClient : IDisposable
{
    /// <summary>For the whole of a try; the specification says 15 to 30 s.</summary>
    public static readonly TimeSpan LongestTry = TimeSpan.FromSeconds(20);

    readonly WebhookUrls _urls;
    readonly TimeProvider _time;
    readonly HttpClient _http;

    public WebhookClient(WebhookSettings settings, TimeProvider time)
    {
        _urls = new WebhookUrls(settings);
        _time = time;
        _http = new HttpClient(
            new SocketsHttpHandler
            {
                ConnectCallback = ConnectAsync,
                AllowAutoRedirect = false,
                UseCookies = false,
                // A proxy would connect in our place, to whatever it is told.
                UseProxy = false,
                ConnectTimeout = TimeSpan.FromSeconds(10),
                MaxResponseHeadersLength = 16,
                // Bodies are not read: what is left of a long one is not waited for.
                MaxResponseDrainSize = 4096,
                ResponseDrainTimeout = TimeSpan.FromSeconds(1),
                PooledConnectionLifetime = TimeSpan.FromMinutes(1),
                ActivityHeadersPropagator = null,
            }
        )
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>One try. Throws only where it is cancelled.</summary>
    public async Task<WebhookAnswer> PostAsync(
        Uri url,
        string message,
        long unixSeconds,
        string signature,
        byte[] payload,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new ByteArrayContent(payload) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("TgVault", null));
        request.Headers.Add("webhook-id", message);
        request.Headers.Add("webhook-timestamp", unixSeconds.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", signature);
        using var limit = new CancellationTokenSource(LongestTry, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var began = Stopwatch.GetTimestamp();
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return new WebhookAnswer((int)answer.StatusCode, Stopwatch.GetElapsedTime(began), ProblemOf(answer), RetryAfter(answer));
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new WebhookAnswer(null, Stopwatch.GetElapsedTime(began), ProblemOf(url.IdnHost, exception), null);
        }
    }

    public void Dispose() => _http.Dispose();

    async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await _urls.FindAsync(context.DnsEndPoint.Host, cancellationToken);
        if (addresses.Length == 0)
            throw new PrivateAddressException();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    static string? ProblemOf(HttpResponseMessage answer) =>
        (int)answer.StatusCode switch
        {
            >= 200 and < 300 => null,
            >= 300 and < 400 => "It answered with a redirect, which is not followed.",
            410 => "It answered that it is gone (410), so nothing is sent there any more.",
            var status => string.Create(CultureInfo.InvariantCulture, $"It answered with status {status}."),
        };

    // Of an exception only what it is: its text may have the address, and with it what its owner keeps secret.
    static string ProblemOf(string host, Exception exception) =>
        // What a cancelled call broke off is no cause.
        (exception is OperationCanceledException ? exception : exception.GetBaseException()) switch
        {
            PrivateAddressException => WebhookUrls.Refusal(host),
            SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } =>
                $"The name {host} has no address.",
            SocketException { SocketErrorCode: SocketError.ConnectionRefused } => $"Nobody listens there: {host} refused the connection.",
            System.Security.Authentication.AuthenticationException => $"The certificate of {host} is not good.",
            OperationCanceledException or TimeoutException => $"It did not answer within {LongestTry.TotalSeconds:0} seconds.",
            _ => "The connection broke.",
        };

    TimeSpan? RetryAfter(HttpResponseMessage answer) =>
        answer.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } when date > _time.GetUtcNow() => date - _time.GetUtcNow(),
            _ => null,
        };

    sealed class PrivateAddressException : IOException;
}
