using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

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
    readonly WebApplication _app;
    readonly ConcurrentQueue<HookRequest> _requests = new();

    public HookSite()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(AnswerAsync);
        ((IHost)_app).Start();
        Port = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
        Url = $"http://127.0.0.1:{Port}/hook";
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
        // Whoever is still held is not waited for.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var headers = context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString());
        _requests.Enqueue(new HookRequest(headers, body));
        Arrived.Raise();
        await Holding.WaitAsync(context.RequestAborted);
        context.Response.StatusCode = Status;
        foreach (var (name, value) in Answers)
            context.Response.Headers[name] = value;
    }
}
