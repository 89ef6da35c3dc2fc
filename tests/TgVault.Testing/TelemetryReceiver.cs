using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace TgVault.Testing;

/// <summary>In the place of an OpenTelemetry collector (OTLP over HTTP) and of Application Insights' ingestion:
/// keeps every byte that it is sent.</summary>
public sealed class TelemetryReceiver : IAsyncDisposable
{
    static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // One of its own: what an exporter could not send it keeps on the disk by this key, and the next one with that key sends it.
    readonly Guid _instrumentationKey = Guid.NewGuid();
    readonly WebApplication _app;
    readonly ConcurrentQueue<(string Path, byte[] Body)> _received = new();

    TelemetryReceiver(WebApplication app) => _app = app;

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>The variables that send telemetry here by OTLP.</summary>
    public Dictionary<string, string?> Otlp =>
        new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Address.GetLeftPart(UriPartial.Authority),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        };

    /// <summary>The variables that send telemetry here as to Application Insights.</summary>
    public Dictionary<string, string?> ApplicationInsights =>
        new()
        {
            ["APPLICATIONINSIGHTS_CONNECTION_STRING"] =
                $"InstrumentationKey={_instrumentationKey};IngestionEndpoint={Address};LiveEndpoint={Address}",
            // The exporter's own telemetry about itself goes out to Microsoft.
            ["APPLICATIONINSIGHTS_STATSBEAT_DISABLED"] = "true",
            ["APPLICATIONINSIGHTS_SDKSTATS_DISABLED"] = "true",
        };

    public static async Task<TelemetryReceiver> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var receiver = new TelemetryReceiver(app);
        app.Run(receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>What came to paths that end so, decompressed.</summary>
    public IEnumerable<byte[]> BodiesOf(string path) =>
        _received.Where(message => message.Path.EndsWith(path, StringComparison.Ordinal)).Select(message => message.Body);

    /// <summary>Whether this text is anywhere in what came to paths that end so.</summary>
    public bool Holds(string path, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return BodiesOf(path).Any(body => body.AsSpan().IndexOf(bytes) >= 0);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await using (
            var content =
                context.Request.Headers.ContentEncoding == "gzip"
                    ? new GZipStream(context.Request.Body, CompressionMode.Decompress)
                    : context.Request.Body
        )
            await content.CopyToAsync(body);
        if (!context.Request.Path.Value!.EndsWith("/track", StringComparison.Ordinal))
        {
            _received.Enqueue((context.Request.Path, body.ToArray()));
            return;
        }

        // One JSON object a line; written again without escapes, so that text can be looked for.
        var items = Encoding
            .UTF8.GetString(body.ToArray())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!.ToJsonString(Plain))
            .ToArray();
        _received.Enqueue((context.Request.Path, Encoding.UTF8.GetBytes(string.Join('\n', items))));
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync($$"""{"itemsReceived":{{items.Length}},"itemsAccepted":{{items.Length}},"errors":[]}""");
    }
}
