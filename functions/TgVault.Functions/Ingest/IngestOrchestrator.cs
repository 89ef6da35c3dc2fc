using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using TgVault.Core.Ingest;

namespace TgVault.Functions.Ingest;

/// <summary>Runs the ingest workflow of Core for one upload in one version.</summary>
public static class IngestOrchestrator
{
    [Function(nameof(IngestUpload))]
    public static Task<IngestOutcome> IngestUpload([OrchestrationTrigger] TaskOrchestrationContext context, IngestRequest request) =>
        IngestWorkflow.RunAsync(request, new DurableEngine(context));
}
