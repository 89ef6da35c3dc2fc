using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace TgVault.Testing;

/// <summary>What came to a site.</summary>
/// <param name="Headers">By name in lower case.</param>
/// <param name="Body">As it came.</param>
public sealed record HookRequest(IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string Message => Headers["webhook-id"];
}

/// <summary>A site on this machine that webhooks lead to.</summary>
public sealed class HookSite : IAsyncDisposable
{
    readonly HttpListener _listener = new();
    readonly ConcurrentQueue<HookRequest> _requests = new();
    readonly Task _serving;

    public HookSite()
    {
        Port = Free.Port();
        Url = $"http://127.0.0.1:{Port}/hook";
        _listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
        _listener.Prefixes.Add($"http://localhost:{Port}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port { get; }

    public string Url { get; }

    /// <summary>What it answers with from now on.</summary>
    public int Status { get; set; } = 204;

    /// <summary>Headers that it answers with.</summary>
    public Dictionary<string, string> Answers { get; } = [];

    /// <summary>Where it does not answer before this has ended.</summary>
    public Task Holding { get; set; } = Task.CompletedTask;

    public IReadOnlyList<HookRequest> Requests => [.. _requests];

    /// <summary>Raised when something came, before it is answered.</summary>
    public Signal Arrived { get; } = new();

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }

            using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
            var body = await reader.ReadToEndAsync();
            var headers = context.Request.Headers.AllKeys.ToDictionary(
                name => name!.ToLowerInvariant(),
                name => context.Request.Headers[name]!
            );
            _requests.Enqueue(new HookRequest(headers, body));
            Arrived.Raise();
            await Holding;
            context.Response.StatusCode = Status;
            foreach (var (name, value) in Answers)
                context.Response.Headers[name] = value;
            try
            {
                context.Response.Close();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // Whoever asked does not wait any more, or this site has gone.
            }
        }
    }
}
