using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace TgVault.Functions;

/// <summary>
/// What a function app adds to the vault's telemetry: invocations as spans. It also tells the host not to send our log lines a second
/// time.
/// </summary>
static class WorkerTelemetry
{
    public static void Add(IOpenTelemetryBuilder telemetry) =>
        telemetry
            .UseFunctionsWorkerDefaults()
            // The host is told to keep no trace of its own (infra/modules/functionApp.bicep says why), which says nothing about ours.
            .WithTracing(tracing =>
                tracing.SetSampler(new ParentBasedSampler(new AlwaysOnSampler(), remoteParentNotSampled: new AlwaysOnSampler()))
            );
}
