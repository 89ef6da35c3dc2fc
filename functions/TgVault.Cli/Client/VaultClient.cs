using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using TgVault.Cli.Client.Apps;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Client;

/// <summary>What is announced before an upload.</summary>
sealed record Announcement(string Name, long Size, string ContentType, string Folder, IReadOnlyList<string> Tags, string Description);

/// <summary>The answer to it: the new video's id and where its bytes go. The URL is a secret until it expires.</summary>
sealed record Announced(string Id, Uri UploadUrl, DateTimeOffset Expires);

/// <summary>Which videos to list: those with everything that is not null.</summary>
sealed record VideoFilter(string? Search, string? Folder, string? Tag, string? Status)
{
    /// <summary>Whether folders below the folder count, too.</summary>
    public bool Below { get; init; }

    public static VideoFilter All { get; } = new(null, null, null, null);

    public IEnumerable<(string Name, string Value)> Parameters =>
        new (string Name, string? Value)[]
        {
            ("search", Search),
            ("folder", Folder),
            ("below", Below ? "true" : null),
            ("tag", Tag),
            ("status", Status),
        }
            .Where(parameter => parameter.Value is not null)
            .Select(parameter => (parameter.Name, parameter.Value!));
}

/// <summary>What to change of a video; null stays.</summary>
sealed record VideoWishes(string? Name, string? Folder, IReadOnlyList<string>? Tags, string? Description);

/// <summary>A link to one video.</summary>
sealed record MintedLink(string Url, string Token, DateTimeOffset Expires, JsonElement Json);

/// <summary>What is asked for when a link is made.</summary>
/// <param name="Lifetime">Null: as long as the vault gives.</param>
/// <param name="Origins">The sites that may show it; none: any.</param>
sealed record WantedLink(TimeSpan? Lifetime, IReadOnlyList<string> Origins, string? Label);

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
    public async Task<VideoView?> FindAsync(string id, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(
            HttpMethod.Get,
            VideoPath(id),
            null,
            HttpCompletionOption.ResponseContentRead,
            cancellationToken
        );
        if (answer.StatusCode == HttpStatusCode.NotFound)
            return null;
        await ThrowIfRefusedAsync(answer, cancellationToken);
        return new VideoView(await ReadJsonAsync(answer, cancellationToken));
    }

    /// <exception cref="CommandFailedException">There is no such video.</exception>
    public async Task<VideoView> GetAsync(string id, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) ?? throw new CommandFailedException($"There is no video {id} in this vault.");

    /// <summary>Newest first, page after page; at most <paramref name="limit"/>.</summary>
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

    public Task<MintedLink> LinkAsync(string id, TimeSpan? lifetime, CancellationToken cancellationToken) =>
        LinkAsync(id, new WantedLink(lifetime, [], null), cancellationToken);

    public async Task<MintedLink> LinkAsync(string id, WantedLink wanted, CancellationToken cancellationToken)
    {
        var body = new Dictionary<string, object>();
        if (wanted.Lifetime is { } time)
            body["ttl"] = (long)time.TotalSeconds;
        if (wanted.Origins.Count > 0)
            body["origins"] = wanted.Origins;
        if (wanted.Label is { } label)
            body["label"] = label;
        var json = await SendJsonAsync(HttpMethod.Post, $"{VideoPath(id)}/links", body, cancellationToken);
        return new MintedLink(
            json.GetProperty("url").GetString()!,
            json.GetProperty("token").GetString()!,
            json.GetProperty("expires").GetDateTimeOffset(),
            json
        );
    }

    /// <summary>Links that the vault made, newest first, page after page; at most <paramref name="limit"/>.</summary>
    /// <param name="id">Only to this video; null: all.</param>
    public async IAsyncEnumerable<LinkView> ListLinksAsync(
        string? id,
        int limit,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        const int LargestPage = 200;
        string? continuation = null;
        while (limit > 0)
        {
            var path = $"{(id is null ? "api" : VideoPath(id))}/links?limit={Math.Min(limit, LargestPage)}";
            if (continuation is not null)
                path += $"&continuation={Uri.EscapeDataString(continuation)}";
            var page = await SendJsonAsync(HttpMethod.Get, path, null, cancellationToken);
            foreach (var link in page.GetProperty("links").EnumerateArray())
            {
                if (limit-- > 0)
                    yield return new LinkView(link);
            }

            continuation = page.TryGetProperty("continuation", out var next) ? next.GetString() : null;
            if (string.IsNullOrEmpty(continuation))
                yield break;
        }
    }

    /// <summary>Ends one link; false where the vault did not make it, and takes it to be made elsewhere.</summary>
    /// <param name="link">Its id, or its token.</param>
    public async Task<bool> RevokeLinkAsync(string link, CancellationToken cancellationToken) =>
        (await SendJsonAsync(HttpMethod.Delete, $"api/links/{Uri.EscapeDataString(link)}", null, cancellationToken)).TryGetProperty(
            "video",
            out _
        );

    /// <summary>Ends all links to a video.</summary>
    public Task RevokeLinksAsync(string id, CancellationToken cancellationToken) =>
        SendJsonAsync(HttpMethod.Delete, $"{VideoPath(id)}/links", null, cancellationToken);

    /// <summary>Ends every link and every link key; how many of each that were.</summary>
    public async Task<(long Links, long LinkKeys)> RevokeAllLinksAsync(CancellationToken cancellationToken)
    {
        var ended = await SendJsonAsync(HttpMethod.Delete, "api/links", null, cancellationToken);
        return (ended.GetProperty("links").GetInt64(), ended.GetProperty("linkKeys").GetInt64());
    }

    /// <summary>What a page is given to show an embed page in.</summary>
    public async Task<string> FrameAsync(string embedUrl, CancellationToken cancellationToken)
    {
        var path = $"api/oembed?url={Uri.EscapeDataString(embedUrl)}";
        return (await SendJsonAsync(HttpMethod.Get, path, null, cancellationToken)).GetProperty("html").GetString()!;
    }

    /// <summary>An address that signs one browser in.</summary>
    public async Task<string> SignInUrlAsync(CancellationToken cancellationToken) =>
        (await SendJsonAsync(HttpMethod.Post, "api/session/codes", null, cancellationToken)).GetProperty("url").GetString()!;

    /// <summary>The named API keys, the oldest first.</summary>
    public async Task<IReadOnlyList<KeyView>> ListKeysAsync(CancellationToken cancellationToken) =>
        [
            .. (await SendJsonAsync(HttpMethod.Get, "api/keys", null, cancellationToken))
                .GetProperty("keys")
                .EnumerateArray()
                .Select(key => new KeyView(key)),
        ];

    /// <summary>Makes an API key; the answer has its secret.</summary>
    public Task<JsonElement> MakeKeyAsync(string name, string scope, CancellationToken cancellationToken) =>
        SendJsonAsync(HttpMethod.Post, "api/keys", new { name, scope }, cancellationToken);

    public async Task RevokeKeyAsync(string id, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(
            HttpMethod.Delete,
            $"api/keys/{Uri.EscapeDataString(id)}",
            null,
            HttpCompletionOption.ResponseContentRead,
            cancellationToken
        );
        await ThrowIfRefusedAsync(answer, cancellationToken);
    }

    /// <summary>The link keys, the oldest first.</summary>
    public async Task<IReadOnlyList<LinkKeyView>> ListLinkKeysAsync(CancellationToken cancellationToken) =>
        [
            .. (await SendJsonAsync(HttpMethod.Get, "api/link-keys", null, cancellationToken))
                .GetProperty("keys")
                .EnumerateArray()
                .Select(key => new LinkKeyView(key)),
        ];

    /// <summary>Makes a link key; the answer has its secret.</summary>
    public Task<JsonElement> MakeLinkKeyAsync(string name, CancellationToken cancellationToken) =>
        SendJsonAsync(HttpMethod.Post, "api/link-keys", new { name }, cancellationToken);

    public async Task RevokeLinkKeyAsync(string id, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(
            HttpMethod.Delete,
            $"api/link-keys/{Uri.EscapeDataString(id)}",
            null,
            HttpCompletionOption.ResponseContentRead,
            cancellationToken
        );
        await ThrowIfRefusedAsync(answer, cancellationToken);
    }

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

    /// <summary>Changes what a person says of a video; what is null stays.</summary>
    /// <returns>The video as it is now.</returns>
    public async Task<VideoView> ChangeAsync(string id, VideoWishes wishes, CancellationToken cancellationToken)
    {
        var body = new Dictionary<string, object>();
        if (wishes.Name is { } name)
            body["name"] = name;
        if (wishes.Folder is { } folder)
            body["folder"] = folder;
        if (wishes.Tags is { } tags)
            body["tags"] = tags;
        if (wishes.Description is { } description)
            body["description"] = description;
        return new VideoView(await SendJsonAsync(HttpMethod.Patch, VideoPath(id), body, cancellationToken));
    }

    /// <summary>What the vault is set to.</summary>
    public Task<JsonElement> ShowVaultAsync(CancellationToken cancellationToken) =>
        SendJsonAsync(HttpMethod.Get, "api/vault", null, cancellationToken);

    /// <summary>What the vault is doing: queue, space, Telegram; null where a vault of an earlier version does not tell.</summary>
    public async Task<JsonElement?> ShowStatusAsync(CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Get, "api/status", null, HttpCompletionOption.ResponseContentRead, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound)
            return null;
        await ThrowIfRefusedAsync(answer, cancellationToken);
        return await ReadJsonAsync(answer, cancellationToken);
    }

    /// <summary>How far the rotation of the master secret is.</summary>
    public Task<JsonElement> ShowRotationAsync(CancellationToken cancellationToken) =>
        SendJsonAsync(HttpMethod.Get, "api/rotation", null, cancellationToken);

    /// <summary>Folders, tags and statuses, with how many videos each has; null where a vault of an earlier version does not
    /// tell.</summary>
    public async Task<LibraryCounts?> CountAsync(CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Get, "api/lists", null, HttpCompletionOption.ResponseContentRead, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound)
            return null;
        await ThrowIfRefusedAsync(answer, cancellationToken);
        return new LibraryCounts(await ReadJsonAsync(answer, cancellationToken));
    }

    /// <summary>Puts a video into the trash, if it is ready and the vault has one; else it is removed in the background.</summary>
    /// <param name="isPermanent">It is removed in any case.</param>
    /// <returns>The video as it is then.</returns>
    public async Task<VideoView> RemoveAsync(string id, bool isPermanent, CancellationToken cancellationToken) =>
        new(await SendJsonAsync(HttpMethod.Delete, $"{VideoPath(id)}{(isPermanent ? "?permanent=true" : "")}", null, cancellationToken));

    /// <summary>Brings a video back from the trash.</summary>
    /// <returns>The video as it is now.</returns>
    public async Task<VideoView> RestoreAsync(string id, CancellationToken cancellationToken) =>
        new(await SendJsonAsync(HttpMethod.Post, $"{VideoPath(id)}/restore", null, cancellationToken));

    public async Task RetryAsync(string id, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(
            HttpMethod.Post,
            $"{VideoPath(id)}/retry",
            null,
            HttpCompletionOption.ResponseContentRead,
            cancellationToken
        );
        await ThrowIfRefusedAsync(answer, cancellationToken);
    }

    /// <summary>Puts captions in a language; the answer says what they are called. They are stored shortly after.</summary>
    /// <param name="name">What players show; null: as before, or the language.</param>
    /// <param name="contentType">text/vtt or application/x-subrip.</param>
    public async Task<JsonElement> PutCaptionsAsync(
        string id,
        string language,
        string? name,
        byte[] content,
        string contentType,
        CancellationToken cancellationToken
    )
    {
        var query = name is null ? "" : $"?name={Uri.EscapeDataString(name)}";
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{VideoPath(id)}/captions/{Uri.EscapeDataString(language)}{query}")
        {
            Content = new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue(contentType) } },
        };
        using var answer = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        await ThrowIfRefusedAsync(answer, cancellationToken);
        return await ReadJsonAsync(answer, cancellationToken);
    }

    /// <returns>The video without them.</returns>
    public Task<JsonElement> RemoveCaptionsAsync(string id, string language, CancellationToken cancellationToken) =>
        SendJsonAsync(HttpMethod.Delete, $"{VideoPath(id)}/captions/{Uri.EscapeDataString(language)}", null, cancellationToken);

    /// <summary>Makes what is on the screen at a moment the video's poster; it is stored shortly after.</summary>
    public Task<JsonElement> ChoosePosterAsync(string id, TimeSpan at, CancellationToken cancellationToken) =>
        SendJsonAsync(HttpMethod.Post, $"{VideoPath(id)}/poster", new { at = at.TotalSeconds }, cancellationToken);

    /// <summary>Makes a picture the video's poster; it is stored shortly after.</summary>
    /// <param name="contentType">image/jpeg or image/png.</param>
    public async Task<JsonElement> PutPosterAsync(string id, byte[] content, string contentType, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{VideoPath(id)}/poster")
        {
            Content = new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue(contentType) } },
        };
        using var answer = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        await ThrowIfRefusedAsync(answer, cancellationToken);
        return await ReadJsonAsync(answer, cancellationToken);
    }

    /// <summary>Has the vault make poster and storyboard of a stored video.</summary>
    public async Task<VideoView> MakePicturesAsync(string id, CancellationToken cancellationToken) =>
        new(await SendJsonAsync(HttpMethod.Post, $"{VideoPath(id)}/pictures", null, cancellationToken));

    /// <summary>Has the vault look at the copies of a video's documents; ends with a part done.</summary>
    public Task<JsonElement> CheckCopiesAsync(string id, object request, CancellationToken cancellationToken) =>
        SendJsonAsync(HttpMethod.Post, $"{VideoPath(id)}/copies", request, cancellationToken);

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

    /// <summary>A request of the managing API. The answer's JSON; of one without a body, an undefined element.</summary>
    /// <exception cref="CommandFailedException">The vault said no; the message is its own.</exception>
    public async Task<JsonElement> SendJsonAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(method, path, body, HttpCompletionOption.ResponseContentRead, cancellationToken);
        await ThrowIfRefusedAsync(answer, cancellationToken);
        return answer.StatusCode == HttpStatusCode.NoContent ? default : await ReadJsonAsync(answer, cancellationToken);
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

    static string VideoPath(string id) => $"api/videos/{Uri.EscapeDataString(id)}";

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

/// <summary>Nothing listens there, at this moment.</summary>
sealed class VaultUnreachableException : HttpRequestException
{
    public VaultUnreachableException() { }

    public VaultUnreachableException(string message)
        : base(message) { }

    public VaultUnreachableException(string message, Exception? inner)
        : base(message, inner) { }
}
