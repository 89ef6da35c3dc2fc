using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using TgVault.Core;
using TgVault.Core.Upkeep;
using TgVault.Functions.Ingest;

namespace TgVault.Functions.Removal;

/// <param name="Video">A video whose row is marked.</param>
/// <param name="Ingest">The instance that may still be at work on it.</param>
public sealed record RemovalRequest(VideoId Video, string? Ingest);

/// <summary>
/// Removes the parts of a marked video once its ingest or amendment has stopped. A chunk under way must be recorded before chunks are
/// listed, or it would stay behind.
/// </summary>
public static class RemovalOrchestrator
{
    static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    [Function(nameof(RemoveParts))]
    public static async Task RemoveParts([OrchestrationTrigger] TaskOrchestrationContext context, RemovalRequest request)
    {
        if (request.Ingest is not null)
            await UntilItIsOver(context, request.Ingest);
        await UntilItIsOver(context, InstanceIds.Amendment(request.Video));
        await context.CallActivityAsync(nameof(RemovalFunctions.FinishRemoval), request.Video.ToString(), Retries.Removal);
    }

    static async Task UntilItIsOver(TaskOrchestrationContext context, string instance)
    {
        var wait = FirstWait;
        while (!await context.CallActivityAsync<bool>(nameof(RemovalFunctions.IsIngestOver), instance, Retries.Record))
        {
            await context.CreateTimer(wait, CancellationToken.None);
            wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
        }
    }
}

/// <summary>The activities of a removal.</summary>
public sealed class RemovalFunctions(IRemovals removing)
{
    [Function(nameof(IsIngestOver))]
    public async Task<bool> IsIngestOver(
        [ActivityTrigger] string instance,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    ) => !await IngestInstances.IsActiveAsync(client, instance, cancellationToken);

    [Function(nameof(FinishRemoval))]
    public Task FinishRemoval([ActivityTrigger] string video, CancellationToken cancellationToken) =>
        removing.FinishAsync(VideoId.Parse(video), cancellationToken);
}
