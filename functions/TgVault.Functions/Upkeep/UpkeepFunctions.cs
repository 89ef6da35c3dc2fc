using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using TgVault.Core.Ingest;
using TgVault.Core.Library;
using TgVault.Core.Links;
using TgVault.Core.Orphans;
using TgVault.Core.Replicas.Copies;
using TgVault.Core.Staging;
using TgVault.Core.Tickets;
using TgVault.Core.Upkeep;
using TgVault.Core.Videos;
using TgVault.Core.Webhooks;
using TgVault.Functions.Ingest;

namespace TgVault.Functions.Upkeep;

/// <summary>What nobody asks for: goes on with what came to a standstill, gives up what does not move, and forgets what is over.</summary>
public sealed class UpkeepFunctions(
    ILibrary library,
    IStaging staging,
    IIngestSteps steps,
    IngestInstances instances,
    AbandonedUploads abandoned,
    TrashedVideos trash,
    StrandedBlobs stranded,
    DiscardedDeletion discarded,
    OrphanSearch orphans,
    LinkRegister links,
    TicketBook tickets,
    WebhookRound webhooks,
    Replication replication,
    NightlyCheck check,
    TimeProvider time,
    ILogger<UpkeepFunctions> logger
)
{
    /// <summary>How long finished instances can be looked at.</summary>
    static readonly TimeSpan HistoryKept = TimeSpan.FromDays(14);

    /// <summary>How long a timer looks at copies at a time; the next one goes on.</summary>
    static readonly TimeSpan CheckingTime = TimeSpan.FromMinutes(4);

    /// <summary>How long a timer indexes at a time: the app's functions may run for five minutes.</summary>
    static readonly TimeSpan IndexingTime = TimeSpan.FromMinutes(3);

    /// <summary>How long a timer sends to webhooks at a time; a try that has begun may take twenty seconds longer.</summary>
    static readonly TimeSpan TellingTime = TimeSpan.FromMinutes(3);

    /// <summary>
    /// Every five minutes: rows whose instance is gone, and uploads whose event was lost or came while an earlier version was
    /// being ingested.
    /// </summary>
    [Function(nameof(TakeUpUnfinished))]
    public async Task TakeUpUnfinished(
        [TimerTrigger("0 */5 * * * *")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        await foreach (var video in library.ListUnfinishedAsync(cancellationToken))
            await TryAsync(() => TakeUpAsync(client, video, cancellationToken), exception => logger.UpkeepFailed(video.Id, exception));

        await foreach (var upload in staging.ListUploadsAsync(cancellationToken))
        {
            await TryAsync(
                () => instances.TakeUpAsync(client, new IngestRequest(upload.Name, upload.ETag), cancellationToken),
                exception => logger.TakingUpFailed(UploadLabel.Of(upload.Name, upload.ETag), exception)
            );
        }
    }

    /// <summary>Every five minutes, between the others: videos of an earlier version. Where all are indexed, it reads one row.</summary>
    [Function(nameof(IndexLibrary))]
    public async Task IndexLibrary([TimerTrigger("30 2/5 * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var end = time.GetUtcNow() + IndexingTime;
        while (!await library.IndexAsync(cancellationToken) && time.GetUtcNow() < end) { }
    }

    /// <summary>Every minute: tells webhooks what happened. Without webhooks, it reads their rows at most.</summary>
    [Function(nameof(TellWebhooks))]
    public Task TellWebhooks([TimerTrigger("20 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        webhooks.RunAsync(TellingTime, cancellationToken);

    /// <summary>Every five minutes: replicas follow what was stored. Where there is none, or nothing changed, it reads a row.</summary>
    [Function(nameof(FollowWithReplicas))]
    public async Task FollowWithReplicas([TimerTrigger("15 1/5 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        await replication.RunAsync(cancellationToken);

    /// <summary>Every five minutes: goes on with the night's share of looking at copies, until it is done.</summary>
    [Function(nameof(CheckCopiesOfTheNight))]
    public async Task CheckCopiesOfTheNight([TimerTrigger("45 3/5 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        await check.RunAsync(CheckingTime, cancellationToken);

    /// <summary>Every five minutes: what was posted without the vault knowing. Mostly it reads a few rows.</summary>
    [Function(nameof(FindOrphans))]
    public async Task FindOrphans([TimerTrigger("40 4/5 * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        // What the first look saw nothing in is looked at once more, while this process knows it.
        if (!await orphans.RunAsync(cancellationToken))
            await orphans.RunAsync(cancellationToken);
    }

    /// <summary>Every night, at an odd minute so that not all apps do it at once.</summary>
    [Function(nameof(TidyUp))]
    public async Task TidyUp(
        [TimerTrigger("0 17 3 * * *")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        await abandoned.ExpireAsync(video => instances.RemoveAsync(client, video, cancellationToken), cancellationToken);
        await trash.EmptyAsync(video => instances.RemoveAsync(client, video, cancellationToken), cancellationToken);
        await stranded.SweepAsync(time.GetUtcNow() - StrandedBlobs.Grace, cancellationToken);
        await discarded.DeleteAsync(cancellationToken);
        await links.PruneAsync(cancellationToken);
        await tickets.PruneAsync(cancellationToken);

        OrchestrationRuntimeStatus[] over =
        [
            OrchestrationRuntimeStatus.Completed,
            OrchestrationRuntimeStatus.Failed,
            OrchestrationRuntimeStatus.Terminated,
        ];
        var purged = await client.PurgeAllInstancesAsync(
            new PurgeInstancesFilter(CreatedTo: time.GetUtcNow() - HistoryKept, Statuses: over),
            cancellationToken
        );
        logger.HistoryPurged(purged.PurgedInstanceCount);
    }

    async Task TakeUpAsync(DurableTaskClient client, Video video, CancellationToken cancellationToken)
    {
        var request = video.Upload.Source is { } source ? new IngestRequest(source.Name, source.ETag, video.Id) : null;
        switch (Unfinished.Of(video, quietSince: video.Updated, time.GetUtcNow()))
        {
            case UnfinishedWork.Remove:
                await instances.RemoveAsync(client, video, cancellationToken);
                break;
            case UnfinishedWork.Amend:
                await instances.AmendAsync(client, video.Id, cancellationToken);
                break;
            case UnfinishedWork.Ingest:
                await instances.TakeUpAsync(client, request!, cancellationToken);
                break;
            case UnfinishedWork.GiveUp
                when request is null || !await IngestInstances.IsActiveAsync(client, InstanceIds.Ingest(request), cancellationToken):
                await steps.FailAsync(new IngestRun(video.Id, video.Life.Attempt), Unfinished.GivenUp, cancellationToken);
                break;
        }
    }

    /// <summary>One that cannot be helped must not keep the others from it.</summary>
    static async Task TryAsync(Func<Task> work, Action<Exception> report)
    {
        try
        {
            await work();
        }
#pragma warning disable CA1031 // Reported, and tried again in five minutes.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            report(exception);
        }
    }
}
