using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using TgVault.Core;
using TgVault.Core.Ingest;
using TgVault.Core.Videos;
using TgVault.Functions.Amendment;
using TgVault.Functions.Removal;

namespace TgVault.Functions.Ingest;

/// <summary>
/// Starts orchestrations. An instance id keeps the same work from running twice at once, but a finished instance would start again. So
/// the row is claimed first, and nothing is scheduled for an upload that needs nothing.
/// </summary>
public sealed class IngestInstances(IIngestSteps activities, ILogger<IngestInstances> logger)
{
    /// <summary>Takes an upload up where its row wants it. Safe to repeat, for events come at least once.</summary>
    public async Task TakeUpAsync(DurableTaskClient client, IngestRequest request, CancellationToken cancellationToken)
    {
        // An instance under way has the row; claiming would say so as well, with a read more.
        var instance = InstanceIds.Ingest(request);
        if (await IsActiveAsync(client, instance, cancellationToken))
            return;
        var claim = await activities.ClaimAsync(request, cancellationToken);
        logger.UploadArrived(UploadLabel.Of(request), claim.Reason);
        if (claim.Run is not null)
            await ScheduleAsync(client, nameof(IngestOrchestrator.IngestUpload), request, instance, cancellationToken);
    }

    /// <summary>Removes a video that is marked: its ingest and amendment are told, then its parts go.</summary>
    public async Task RemoveAsync(DurableTaskClient client, Video video, CancellationToken cancellationToken)
    {
        var ingest = video.Upload.Source is { } source ? InstanceIds.Ingest(new IngestRequest(source.Name, source.ETag)) : null;
        if (ingest is not null && await IsActiveAsync(client, ingest, cancellationToken))
            await TellAsync(client, ingest, cancellationToken);
        if (await IsActiveAsync(client, InstanceIds.Amendment(video.Id), cancellationToken))
            await TellAsync(client, InstanceIds.Amendment(video.Id), cancellationToken);
        await ScheduleAsync(
            client,
            nameof(RemovalOrchestrator.RemoveParts),
            new RemovalRequest(video.Id, ingest),
            InstanceIds.Removal(video.Id),
            cancellationToken
        );
    }

    /// <summary>
    /// Brings what is stored of a ready video up to its row. An instance that is under way reads the row again before it ends. A wish that
    /// comes too late for it is found by upkeep.
    /// </summary>
    public async Task AmendAsync(DurableTaskClient client, VideoId video, CancellationToken cancellationToken)
    {
        var instance = InstanceIds.Amendment(video);
        if (await IsActiveAsync(client, instance, cancellationToken))
            return;
        await ScheduleAsync(client, nameof(AmendmentOrchestrator.AmendVideo), video.ToString(), instance, cancellationToken);
    }

    public static async Task<bool> IsActiveAsync(DurableTaskClient client, string instance, CancellationToken cancellationToken) =>
        await client.GetInstanceAsync(instance, cancellationToken) is { IsCompleted: false };

    async Task ScheduleAsync(
        DurableTaskClient client,
        string orchestrator,
        object input,
        string instance,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                orchestrator,
                input,
                new StartOrchestrationOptions(instance),
                cancellationToken
            );
            logger.Scheduled(orchestrator, instance);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            logger.AlreadyUnderWay(orchestrator, instance);
        }
    }

    async Task TellAsync(DurableTaskClient client, string instance, CancellationToken cancellationToken)
    {
        try
        {
            await client.RaiseEventAsync(instance, RemovableDelay.Removed, true, cancellationToken);
        }
#pragma warning disable CA1031 // It may have ended a moment ago, which hosts report in different ways. It stops at its next step anyway.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            logger.CouldNotTell(instance, exception);
        }
    }
}
