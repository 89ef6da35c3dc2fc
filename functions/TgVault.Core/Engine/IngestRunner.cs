using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TgVault.Core.Ingest;
using TgVault.Core.Library;
using TgVault.Core.Links;
using TgVault.Core.Orphans;
using TgVault.Core.Settings;
using TgVault.Core.Staging;
using TgVault.Core.Telemetry;
using TgVault.Core.Tickets;
using TgVault.Core.Upkeep;
using TgVault.Core.Videos;
using TgVault.Core.Waiting;

namespace TgVault.Core.Engine;

/// <summary>
/// The engine of one machine: watches staging and the rows, and runs what they ask for with direct calls. After a crash it goes on from the
/// rows alone. What is to be done is decided in <see cref="Upkeep"/>; in Azure, Durable Functions and timers do the same by the same rules.
/// </summary>
sealed class IngestRunner(
    ILibrary library,
    IStaging staging,
    IngestSteps steps,
    Amendments amendments,
    Removals removals,
    AbandonedUploads abandoned,
    TrashedVideos trash,
    StrandedBlobs stranded,
    DiscardedDeletion discarded,
    LinkRegister links,
    TicketBook tickets,
    VaultSettings settings,
    TimeProvider time,
    ILogger<IngestRunner> logger
) : BackgroundService, IIngestScheduler, IWorkTurns
{
    readonly NamedWork _work = new(logger);
    readonly WorkPlaces _places = new(settings.Ingest, time);
    readonly SettledUploads _settled = new();
    readonly Bell _bell = new(time);
    readonly Postponed _postponed = new(time);

    /// <inheritdoc/>
    public async Task RetryAsync(VideoId id, CancellationToken cancellationToken)
    {
        var video = await library.ChangeAsync(id, current => VideoLife.Retry(current, time.GetUtcNow()), cancellationToken);
        _settled.Reopen(video?.Upload.Source);
        if (video?.Upload.Source is { } source)
            _postponed.MakeDue(IngestOf(source.Name));
        _bell.Ring();
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(VideoId id, CancellationToken cancellationToken)
    {
        await removals.BeginAsync(id, cancellationToken);
        _postponed.MakeDue(RemovalOf(id));
        _bell.Ring();
    }

    /// <inheritdoc/>
    public Task AmendAsync(VideoId id, CancellationToken cancellationToken)
    {
        // The row says what to do; a video that is not waiting for anything is passed over.
        _postponed.MakeDue(AmendmentOf(id));
        _bell.Ring();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public (int Ahead, DateTimeOffset Since)? PlaceOf(VideoId id) => _places.PlaceOf(id);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var interval = TimeSpan.FromMilliseconds(settings.Uploads.WatchMilliseconds);
        var began = time.GetUtcNow();
        var expireNext = began;
        while (!stoppingToken.IsCancellationRequested)
        {
            await TryAsync(() => TakeUpUnfinishedAsync(began, stoppingToken), stoppingToken);
            await TryAsync(() => TakeUpUploadsAsync(stoppingToken), stoppingToken);
            if (time.GetUtcNow() >= expireNext)
            {
                await TryAsync(() => abandoned.ExpireAsync(WakeAsync, stoppingToken), stoppingToken);
                await TryAsync(() => trash.EmptyAsync(WakeAsync, stoppingToken), stoppingToken);
                await TryAsync(() => discarded.DeleteAsync(stoppingToken), stoppingToken);
                await TryAsync(() => links.PruneAsync(stoppingToken), stoppingToken);
                await TryAsync(() => tickets.PruneAsync(stoppingToken), stoppingToken);
                await TryAsync(() => staging.SweepAsync(stoppingToken), stoppingToken);
                // Nobody but this process names blobs.
                await TryAsync(() => stranded.SweepAsync(began, stoppingToken), stoppingToken);
                expireNext = time.GetUtcNow() + AbandonedUploads.Interval;
            }

            await _bell.WaitAsync(interval, stoppingToken);
        }

        await _work.WhenAllOver();
    }

    /// <summary>
    /// A look that cannot be done must not keep the others from it, nor end the runner. A call that ran out of its time is cancelled, too.
    /// </summary>
    async Task TryAsync(Func<Task> look, CancellationToken stopping)
    {
        try
        {
            await look();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopping: the caller sees it itself.
        }
#pragma warning disable CA1031 // Reported, and tried again at the next look.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            logger.WatchingFailed(exception);
        }
    }

    /// <summary>Rows that ask for work while nothing here does it: left by a crash, or just asked for.</summary>
    async Task TakeUpUnfinishedAsync(DateTimeOffset began, CancellationToken cancellationToken)
    {
        await foreach (var video in library.ListUnfinishedAsync(cancellationToken))
        {
            if (video.Life.Status == VideoStatus.Ingesting && _work.IsRunning(IngestOf(UploadNameOf(video))))
                continue;
            // While the vault was off nothing could move.
            var quietSince = video.Updated > began ? video.Updated : began;
            switch (Unfinished.Of(video, quietSince, time.GetUtcNow()))
            {
                case UnfinishedWork.Ingest when _postponed.IsDue(IngestOf(UploadNameOf(video))):
                    StartIngest(new IngestRequest(video.Upload.Source!.Name, video.Upload.Source.ETag, video.Id), cancellationToken);
                    break;
                case UnfinishedWork.GiveUp:
                    await steps.FailAsync(new IngestRun(video.Id, video.Life.Attempt), Unfinished.GivenUp, cancellationToken);
                    break;
                case UnfinishedWork.Amend when _postponed.IsDue(AmendmentOf(video.Id)):
                    Start(AmendmentOf(video.Id), $"Amendment of video {video.Id}", work => AmendAsync(video.Id, work), cancellationToken);
                    break;
                case UnfinishedWork.Remove when _postponed.IsDue(RemovalOf(video.Id)):
                    Start(RemovalOf(video.Id), $"Removal of video {video.Id}", work => RemoveAsync(video, work), cancellationToken);
                    break;
            }
        }
    }

    async Task TakeUpUploadsAsync(CancellationToken cancellationToken)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var blob in staging.ListUploadsAsync(cancellationToken))
        {
            seen.Add(blob.Name);
            // Claimed while its row goes, it would come back as a video that nobody announced.
            var isGoing = VideoId.TryParse(blob.Name) is { } id && _work.IsRunning(RemovalOf(id));
            if (!isGoing && !_settled.Contains(blob))
                StartIngest(new IngestRequest(blob.Name, blob.ETag), cancellationToken);
        }

        _settled.Keep(seen);
    }

    /// <summary>The row of what is being removed says so: the next look takes it up.</summary>
    Task WakeAsync(Video removed)
    {
        _bell.Ring();
        return Task.CompletedTask;
    }

    void StartIngest(IngestRequest request, CancellationToken cancellationToken) =>
        _work.Start(
            IngestOf(request.BlobName),
            $"Ingest of upload {UploadLabel.Of(request)}",
            // A failure is in the row, and a person decides; but where all is stored and only cleaning up failed, it is asked again.
            signals => _postponed.TryAsync(IngestOf(request.BlobName), () => IngestAsync(request, signals)),
            request.ETag,
            cancellationToken
        );

    void Start(string name, string label, Func<WorkSignals, Task> work, CancellationToken cancellationToken) =>
        _work.Start(name, label, work, version: null, cancellationToken);

    async Task<TimeSpan?> IngestAsync(IngestRequest request, WorkSignals signals)
    {
        var begun = _settled.Begin();
        using var trace = StepTrace.StartIngest();
        await using var engine = new DirectEngine(steps, _places, signals, time);
        var outcome = await IngestWorkflow.RunAsync(request, engine);
        trace.End(outcome.Result.ToString().ToLowerInvariant(), isError: outcome.Result == StepResult.Failed);
        logger.IngestEnded(UploadLabel.Of(request), outcome.Result, outcome.Reason);
        _settled.Add(request, begun);
        return NextTry.After(outcome.Result);
    }

    /// <summary>One try. What has to wait, or failed, leaves its place to others and is due again later.</summary>
    async Task AmendAsync(VideoId id, WorkSignals signals)
    {
        using var place = await _places.Amending.EnterAsync(signals);
        await _postponed.TryAsync(AmendmentOf(id), async () => NextTry.After(await amendments.RunAsync(id, signals.Stopping)));
    }

    /// <summary>One try, like <see cref="AmendAsync(VideoId, WorkSignals)"/>.</summary>
    async Task RemoveAsync(Video video, WorkSignals signals)
    {
        // The row says deleting, so what still runs stops at its next step; its last chunk must be recorded before chunks are listed.
        await _work.EndAsync(IngestOf(UploadNameOf(video)), video.Upload.Source?.ETag, signals.Stopping);
        await _work.EndAsync(AmendmentOf(video.Id), version: null, signals.Stopping);
        _postponed.MakeDue(AmendmentOf(video.Id));
        if (video.Upload.Source is { } source)
            _settled.Add(new IngestRequest(source.Name, source.ETag), _settled.Begin());
        using var place = await _places.Removing.EnterAsync(signals);
        await _postponed.TryAsync(RemovalOf(video.Id), async () => NextTry.After(await removals.RunAsync(video.Id, signals.Stopping)));
    }

    /// <summary>The name of a video's upload, also of one that has not been seen yet.</summary>
    static string UploadNameOf(Video video) => video.Upload.Source?.Name ?? video.Id.ToString();

    static string IngestOf(string blobName) => $"ingest/{blobName}";

    static string AmendmentOf(VideoId id) => $"amend/{id}";

    static string RemovalOf(VideoId id) => $"remove/{id}";

    public override void Dispose()
    {
        _places.Dispose();
        _bell.Dispose();
        base.Dispose();
    }
}
