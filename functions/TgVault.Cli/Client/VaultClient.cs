using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using TgVault.Cli.Client.Videos;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Client;

/// <summary>The managing API of one vault. What it refuses becomes a <see cref="CommandFailedException"/> in the vault's own
/// words.</summary>
sealed class VaultClient : IDisposable
{
    readonly HttpClient _http;

    public VaultClient(Uri url, string key, HttpMessageHandler? handler = null)
    {
        Url = url;
        _http = new HttpClient(
            handler
                ?? new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), ConnectTimeout = TimeSpan.FromSeconds(15) }
        )
        {
            BaseAddress = url,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.Add("X-Api-Key", key);
    }

    public Uri Url { get; }

    public async Task<Announced> AnnounceAsync(Announcement announcement, CancellationToken cancellationToken)
    {
        var json = await SendJsonAsync(HttpMethod.Post, "api/uploads", announcement, cancellationToken);
        return ReadAnnounced(json);
    }

    /// <summary>A new URL for an upload that has not arrived yet; null where it has, or is gone.</summary>
    public async Task<Announced?> RenewAsync(string id, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(
            HttpMethod.Post,
            $"api/uploads/{Uri.EscapeDataString(id)}/renew",
            null,
            HttpCompletionOption.ResponseContentRead,
            cancellationToken
        );
        if (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
            return null;
        await ThrowIfRefusedAsync(answer, cancellationToken);
        return ReadAnnounced(await ReadJsonAsync(answer, cancellationToken));
    }

    /// <summary>Null where there is no such video.</summary>
    public async Task<VideoView?> FindAsync(string id, CancellationToken cancellationToken) =>
        await FindJsonAsync(VideoPath(id), cancellationToken) is { } video ? new VideoView(video) : null;

    /// <exception cref="CommandFailedException">There is no such video.</exception>
    public async Task<VideoView> GetAsync(string id, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) ?? throw new CommandFailedException($"There is no video {id} in this vault.");

    /// <summary>In the order asked for, page after page; at most <paramref name="limit"/>.</summary>
    public async IAsyncEnumerable<VideoView> ListAsync(
        VideoFilter filter,
        int limit,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        const int LargestPage = 200;
        string? continuation = null;
        while (limit > 0)
        {
            var path = $"api/videos?limit={Math.Min(limit, LargestPage)}";
            foreach (var (name, value) in filter.Parameters)
                path += $"&{name}={Uri.EscapeDataString(value)}";
            if (continuation is not null)
                path += $"&continuation={Uri.EscapeDataString(continuation)}";
            var page = await SendJsonAsync(HttpMethod.Get, path, null, cancellationToken);
            foreach (var video in page.GetProperty("videos").EnumerateArray())
            {
                if (limit-- > 0)
                    yield return new VideoView(video);
            }

            continuation = page.TryGetProperty("continuation", out var next) ? next.GetString() : null;
            if (string.IsNullOrEmpty(continuation))
                yield break;
        }
    }

    /// <summary>An address that signs one browser in.</summary>
    public async Task<string> SignInUrlAsync(CancellationToken cancellationToken) =>
        (await SendJsonAsync(HttpMethod.Post, "api/session/codes", null, cancellationToken)).GetProperty("url").GetString()!;

    /// <summary>Videos as a list for players, line by line.</summary>
    /// <param name="folder">Only of this folder and those in it; null: all.</param>
    public async IAsyncEnumerable<string> ListForPlayersAsync(
        string? folder,
        TimeSpan? lifetime,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        List<string> query = [];
        if (folder is not null)
            query.Add($"folder={Uri.EscapeDataString(folder)}");
        if (lifetime is { } time)
            query.Add($"ttl={(long)time.TotalSeconds}");
        using var answer = await SendAsync(
            HttpMethod.Get,
            $"api/videos.m3u8?{string.Join('&', query)}",
            null,
            HttpCompletionOption.ResponseHeadersRead,
            cancellationToken
        );
        await ThrowIfRefusedAsync(answer, cancellationToken);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
            yield return line;
    }

    /// <summary>Has the vault look at the copies of a video's documents; ends with a part done.</summary>
    public Task<JsonElement> CheckCopiesAsync(string id, object request, CancellationToken cancellationToken) =>
        SendJsonAsync(HttpMethod.Post, $"{VideoPath(id)}/copies", request, cancellationToken);

    /// <summary>Has the vault look at its catalogue.</summary>
    public Task<JsonElement> CheckCatalogueAsync(object request, CancellationToken cancellationToken) =>
        SendJsonAsync(HttpMethod.Post, "api/catalogue/copies", request, cancellationToken);

    /// <summary>The video each time it changes, until the vault ends the stream.</summary>
    public async IAsyncEnumerable<VideoView> FollowAsync(string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(
            HttpMethod.Get,
            $"{VideoPath(id)}/events",
            null,
            HttpCompletionOption.ResponseHeadersRead,
            cancellationToken
        );
        await ThrowIfRefusedAsync(answer, cancellationToken);
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
        {
            if (item.Data.Length > 0)
                yield return new VideoView(JsonDocument.Parse(item.Data).RootElement);
        }
    }

    /// <summary>The bytes from <paramref name="from"/> on, up to <paramref name="to"/> (inclusive) where given, if the file is still the
    /// one of <paramref name="etag"/>.</summary>
    public async Task<HttpResponseMessage> ReadAsync(
        string id,
        long from,
        long? to,
        EntityTagHeaderValue? etag,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/stream?file_id={Uri.EscapeDataString(id)}");
        request.Headers.Range = new RangeHeaderValue(from, to);
        if (etag is not null)
            request.Headers.IfRange = new RangeConditionHeaderValue(etag);
        return await SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <exception cref="CommandFailedException">The vault said no; the message is its own.</exception>
    public static async Task ThrowIfRefusedAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.IsSuccessStatusCode)
            return;
        if (answer.StatusCode == HttpStatusCode.Unauthorized)
            throw new CommandFailedException("The vault does not accept this API key. Give the right one with --key or TGVAULT_KEY.");
        string? detail = null;
        try
        {
            var problem = await ReadJsonAsync(answer, cancellationToken);
            detail = problem.TryGetProperty("detail", out var text) || problem.TryGetProperty("title", out text) ? text.GetString() : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not a problem document: the status has to do.
        }

        throw new CommandFailedException(detail ?? $"The vault answered {(int)answer.StatusCode} {answer.ReasonPhrase}.");
    }

    /// <summary>A request of the managing API. A body is JSON, unless it is a content of its own. The answer's JSON; of one without a
    /// body, an undefined element.</summary>
    /// <exception cref="CommandFailedException">The vault said no; the message is its own.</exception>
    public async Task<JsonElement> SendJsonAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = body as HttpContent ?? JsonContent.Create(body);
        using var answer = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        await ThrowIfRefusedAsync(answer, cancellationToken);
        return answer.StatusCode == HttpStatusCode.NoContent ? default : await ReadJsonAsync(answer, cancellationToken);
    }

    /// <summary>The answer's JSON; null where the vault has nothing at this address, as one of an earlier version.</summary>
    /// <exception cref="CommandFailedException">The vault said no; the message is its own.</exception>
    public async Task<JsonElement?> FindJsonAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, null, HttpCompletionOption.ResponseContentRead, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound)
            return null;
        await ThrowIfRefusedAsync(answer, cancellationToken);
        return await ReadJsonAsync(answer, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    // The vault's own name need not lead back to it from here: behind a proxy, say, or before anybody has registered it.
    Announced ReadAnnounced(JsonElement json)
    {
        var announced = json.Deserialize<Announced>(JsonSerializerOptions.Web)!;
        return json.TryGetProperty("uploadPath", out var path) && path.GetString() is { } here
            ? announced with
            {
                UploadUrl = new Uri(Url, here.TrimStart('/')),
            }
            : announced;
    }

    /// <summary>Where the API has one video.</summary>
    public static string VideoPath(string id) => $"api/videos/{Uri.EscapeDataString(id)}";

    async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        object? body,
        HttpCompletionOption completion,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        return await SendAsync(request, completion, cancellationToken);
    }

    async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        HttpCompletionOption completion,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await _http.SendAsync(request, completion, cancellationToken);
        }
        catch (HttpRequestException exception)
            when (exception.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            throw new VaultUnreachableException($"No vault answers at {Url}. Start one with `./tgvault up`.", exception);
        }
    }

    static async Task<JsonElement> ReadJsonAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
        using var document = await JsonDocument.ParseAsync(stream, cancellationToken: cancellationToken);
        return document.RootElement.Clone();
    }
}
