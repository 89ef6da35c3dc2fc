using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using TgVault.Cli.Chaos.Model;
using TgVault.Cli.Chaos.Victims;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Chaos.Actors;

/// <summary>An answer, whole.</summary>
sealed record Answer(int Status, byte[] Body)
{
    /// <summary>As text, for a message.</summary>
    public string Told => $"{Status} {Encoding.UTF8.GetString(Body, 0, Math.Min(Body.Length, 300))}";

    public JsonElement Json
    {
        get
        {
            using var document = JsonDocument.Parse(Body);
            return document.RootElement.Clone();
        }
    }

    public string Text(string name) => Json.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
}

/// <summary>
/// Requests to a vault that may be killed or stopped at any moment. What comes is an answer, or null: then nobody knows what the vault did.
/// </summary>
sealed class VaultCalls : IDisposable
{
    static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(30);

    readonly Tally _tally;
    readonly HttpClient _http;

    public VaultCalls(VaultVictim vault, Tally tally)
    {
        (Vault, _tally) = (vault, tally);
        _http = new HttpClient(
            new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5), ConnectTimeout = TimeSpan.FromSeconds(10) }
        )
        {
            BaseAddress = vault.Url,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public VaultVictim Vault { get; }

    public Task<Answer?> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, null, cancellationToken);

    public Task<Answer?> SendJsonAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken) =>
        SendAsync(method, path, body is null ? null : JsonContent.Create(body), cancellationToken);

    /// <summary>A request of the managing API, or with an upload URL.</summary>
    public async Task<Answer?> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Add("X-Api-Key", Vault.Key);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestAnswer);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var answer = new Answer((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(limit.Token));
            _tally.Count("answers", $"{answer.Status}");
            if (answer.Status == 500)
                _tally.Break(Invariant.Answers, $"{method} {PathOf(path)} answered {answer.Told}");
            return answer.Status >= 500 ? null : answer;
        }
        catch (Exception exception) when (IsLost(exception) && !cancellationToken.IsCancellationRequested)
        {
            _tally.Count("answers", "none");
            return null;
        }
    }

    /// <summary>A request whose body is read as it comes; the caller disposes of it.</summary>
    /// <exception cref="HttpRequestException">Nobody answered.</exception>
    public async Task<HttpResponseMessage> OpenAsync(
        string path,
        bool withKey,
        RangeHeaderValue? range,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Range = range;
        if (withKey)
            request.Headers.Add("X-Api-Key", Vault.Key);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>Whether an exception says no more than that no answer came, or not all of it.</summary>
    public static bool IsLost(Exception exception) =>
        exception is OperationCanceledException or IOException || Failures.IsBrokenOff(exception);

    /// <summary>An address without what is secret in it.</summary>
    public static string PathOf(string path) => path.Split('?')[0];

    public void Dispose() => _http.Dispose();
}
