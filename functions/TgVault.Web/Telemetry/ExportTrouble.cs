using System.Diagnostics.Tracing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TgVault.Web.Telemetry;

/// <summary>
/// Says in the log, once an hour, that what is measured does not arrive. Exporters keep that to themselves: they tell it as events of
/// .NET's, which nobody reads.
/// </summary>
internal sealed class ExportTrouble(TimeProvider time, ILogger<ExportTrouble> log) : EventListener, IHostedService
{
    static readonly TimeSpan Silence = TimeSpan.FromHours(1);

    // Other events of the same sources, errors among them, are about what is sent, not whether it arrives. What may pass is a warning to
    // exporters: a refused connection, for one.
    static readonly HashSet<string> Failures =
    [
        "FailedToReachCollector",
        "ExportMethodException",
        "TrySubmitRequestException",
        "HttpRequestFailed",
        "ExportFailure",
        "TransientHttpError",
        "RequestTimedOut",
        "OperationUnexpectedlyCanceled",
        "FailedToExport",
        "FailedToTransmit",
        "TransmissionFailed",
        "TransmitterFailed",
    ];

    readonly Lock _lock = new();
    readonly Dictionary<string, DateTimeOffset> _said = [];

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Runs in the constructor of what this derives from: nothing of this object may be used.
    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (ReceiverOf(eventSource.Name) is not null)
            EnableEvents(eventSource, EventLevel.Warning);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        // What the event says may hold addresses with keys in them; that it was said is enough.
        if (!Failures.Contains(eventData.EventName ?? "") || ReceiverOf(eventData.EventSource.Name) is not { } receiver || log is null)
            return;
        var now = time.GetUtcNow();
        lock (_lock)
        {
            if (_said.TryGetValue(receiver, out var last) && now - last < Silence)
                return;
            _said[receiver] = now;
        }

        log.ExportFailed(receiver);
    }

    /// <summary>Where an exporter sends to; null for a source of other events.</summary>
    static string? ReceiverOf(string source) =>
        source switch
        {
            "OpenTelemetry-Exporter-OpenTelemetryProtocol" => "its collector (OTEL_EXPORTER_OTLP_ENDPOINT)",
            "OpenTelemetry-AzureMonitor-Exporter" => "Application Insights",
            _ => null,
        };
}
