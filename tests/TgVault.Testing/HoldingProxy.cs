using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace TgVault.Testing;

/// <summary>
/// An HTTP proxy on loopback that passes on so many bytes of bodies, and then holds every request and answer until the client is gone.
/// So a transfer through it can be caught in the middle, however fast or busy the machine is.
/// </summary>
public sealed class HoldingProxy : IAsyncDisposable
{
    // RFC 9110 §7.6.1: for the next hop only. Kestrel frames the answer by itself.
    static readonly string[] HopByHop = ["Connection", "Proxy-Connection", "Keep-Alive", "Transfer-Encoding", "Host"];

    readonly WebApplication _app;
    readonly long _mostBytes;
    readonly HttpMessageInvoker _onward = new(
        new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
        }
    );

    long _passedBytes;

    HoldingProxy(WebApplication app, long mostBytes)
    {
        _app = app;
        _mostBytes = mostBytes;
    }

    /// <summary>What makes a process use it; nothing that the machine sets besides.</summary>
    public IReadOnlyDictionary<string, string> Environment =>
        new Dictionary<string, string>
        {
            ["http_proxy"] = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First(),
            ["no_proxy"] = "",
            ["NO_PROXY"] = "",
        };

    /// <param name="mostBytes">Requests that come once these have passed are held, and the answer in which they are reached.</param>
    public static async Task<HoldingProxy> StartAsync(long mostBytes)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.Listen(IPAddress.Loopback, 0);
                kestrel.Limits.MaxRequestBodySize = null;
            });
        var app = builder.Build();
        var proxy = new HoldingProxy(app, mostBytes);
        app.Run(proxy.PassAsync);
        await app.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _onward.Dispose();
    }

    async Task PassAsync(HttpContext context)
    {
        try
        {
            await HoldAsync(context.RequestAborted);
            using var request = Onward(context.Request);
            using var answer = await _onward.SendAsync(request, context.RequestAborted);
            Interlocked.Add(ref _passedBytes, context.Request.ContentLength ?? 0);
            context.Response.StatusCode = (int)answer.StatusCode;
            foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
                if (!HopByHop.Contains(name, StringComparer.OrdinalIgnoreCase))
                    context.Response.Headers[name] = values.ToArray();
            await CopyAsync(await answer.Content.ReadAsStreamAsync(context.RequestAborted), context);
        }
        catch (Exception exception)
            when (context.RequestAborted.IsCancellationRequested
                && exception is OperationCanceledException or IOException or HttpRequestException
            )
        {
            // The client was killed, which is what this is for.
        }
    }

    static HttpRequestMessage Onward(HttpRequest from)
    {
        // RFC 9112 §3.2.2: a proxy is asked for the whole URL. As it was written, for signatures are over that.
        var request = new HttpRequestMessage(
            new HttpMethod(from.Method),
            from.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget
        );
        if (from.HttpContext.Features.GetRequiredFeature<IHttpRequestBodyDetectionFeature>().CanHaveBody)
            request.Content = new StreamContent(from.Body);
        foreach (var (name, values) in from.Headers)
        {
            if (HopByHop.Contains(name, StringComparer.OrdinalIgnoreCase))
                continue;
            if (!request.Headers.TryAddWithoutValidation(name, values.ToArray()))
                request.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
        }

        return request;
    }

    async Task CopyAsync(Stream body, HttpContext context)
    {
        var buffer = new byte[64 << 10];
        int count;
        while ((count = await body.ReadAsync(buffer, context.RequestAborted)) > 0)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, count), context.RequestAborted);
            Interlocked.Add(ref _passedBytes, count);
            await HoldAsync(context.RequestAborted);
        }
    }

    Task HoldAsync(CancellationToken gone) =>
        Interlocked.Read(ref _passedBytes) < _mostBytes ? Task.CompletedTask : Task.Delay(Timeout.Infinite, gone);
}
