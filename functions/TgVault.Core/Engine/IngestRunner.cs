using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TgVault.Core.Ingest;
using TgVault.Core.Library;
using TgVault.Core.Settings;
using TgVault.Core.Staging;
using TgVault.Core.Telemetry;
using TgVault.Core.Upkeep;
using TgVault.Core.Videos;

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
    VaultSettings settings,
    TimeProvider time,
    ILogger<IngestRunner> logger
) : BackgroundService, IIngestScheduler
{
    readonly NamedWork _work = new(logger);
    readonly Lanes _lanes = new(settings.Ingest);
    readonly SettledUploads _settled = new();
    readonly Bell _bell = new(time);
    readonly ConcurrentDictionary<VideoId, DateTimeOffset> _amendNotBefore = new();

    /// <inheritdoc/>
    public async Task RetryAsync(VideoId id, CancellationToken cancellationToken)
    {
        var video = await library.ChangeAsync(id, current => VideoLife.Retry(current, time.GetUtcNow()), cancellationToken);
        _settled.Reopen(video?.Upload.Source);
        _bell.Ring();
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(VideoId id, CancellationToken cancellationToken)
    {
        await removals.BeginAsync(id, cancellationToken);
        _bell.Ring();
    }

    /// <inheritdoc/>
    public Task AmendAsync(VideoId id, CancellationToken cancellationToken)
    {
        // The row says what to do; a video that is not waiting for anything is passed over.
        _amendNotBefore.TryRemove(id, out _);
        _bell.Ring();
        return Task.CompletedTask;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var interval = TimeSpan.FromMilliseconds(settings.Uploads.WatchMilliseconds);
        var began = time.GetUtcNow();
        var expireNext = began;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await TakeUpUnfinishedAsync(began, stoppingToken);
                await TakeUpUploadsAsync(stoppingToken);
                if (time.GetUtcNow() >= expireNext)
                {
                    await abandoned.ExpireAsync(video => RemoveAsync(video.Id, stoppingToken), stoppingToken);
                    expireNext = time.GetUtcNow() + AbandonedUploads.Interval;
                }
            }
#pragma warning disable CA1031 // Reported, and tried again at the next look.
            catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
            {
                Log.WatchingFailed(logger, exception);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }

            await _bell.WaitAsync(interval, stoppingToken);
        }

        await _work.WhenAllOver();
    }

    /// <summary>Rows that ask for work while nothing here does it: left by a crash, or just asked for.</summary>
    async Task TakeUpUnfinishedAsync(DateTimeOffset began, CancellationToken cancellationToken)
    {
        await foreach (var video in library.ListUnfinishedAsync(cancellationToken))
        {
            if (video.Upload.Source is { } source && _work.IsRunning(IngestOf(source)) && video.Life.Status == VideoStatus.Ingesting)
                continue;
            // While the vault was off nothing could move.
            var quietSince = video.Updated > began ? video.Updated : began;
            switch (Unfinished.Of(video, quietSince, time.GetUtcNow()))
            {
                case UnfinishedWork.Ingest:
                    StartIngest(new IngestRequest(video.Upload.Source!.Name, video.Upload.Source.ETag, video.Id), cancellationToken);
                    break;
                case UnfinishedWork.GiveUp:
                    await steps.FailAsync(new IngestRun(video.Id, video.Life.Attempt), Unfinished.GivenUp, cancellationToken);
                    break;
                case UnfinishedWork.Amend when IsDue(video.Id):
                    Start(
                        AmendmentOf(video.Id),
                        $"Amendment of video {video.Id}",
                        signals => AmendAsync(video.Id, signals),
                        cancellationToken
                    );
                    break;
                case UnfinishedWork.Remove:
                    Start($"remove/{video.Id}", $"Removal of video {video.Id}", signals => RemoveAsync(video, signals), cancellationToken);
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
            if (!_settled.Contains(blob))
                StartIngest(new IngestRequest(blob.Name, blob.ETag), cancellationToken);
        }

        _settled.Keep(seen);
    }

    void StartIngest(IngestRequest request, CancellationToken cancellationToken) =>
        Start(
            IngestOf(request.BlobName),
            $"Ingest of upload {UploadLabel.Of(request)}",
            signals => IngestAsync(request, signals),
            cancellationToken
        );

    void Start(string name, string label, Func<WorkSignals, Task> work, CancellationToken cancellationToken) =>
        _work.Start(name, label, work, cancellationToken);

    async Task IngestAsync(IngestRequest request, WorkSignals signals)
    {
        var begun = _settled.Begin();
        using var trace = StepTrace.StartIngest();
        using var engine = new DirectEngine(steps, _lanes, signals, time);
        var outcome = await IngestWorkflow.RunAsync(request, engine);
        trace.End(outcome.Result.ToString().ToLowerInvariant(), isError: outcome.Result == StepResult.Failed);
        Log.IngestEnded(logger, UploadLabel.Of(request), outcome.Result, outcome.Reason);
        _settled.Add(request, begun);
    }

    /// <summary>One try. What has to wait, or failed, leaves its place to others and is due again later.</summary>
    async Task AmendAsync(VideoId id, WorkSignals signals)
    {
        using var place = await _lanes.Amending.EnterAsync(signals.Stopping);
        var outcome = await amendments.RunAsync(id, signals.Stopping);
        if (Amendments.NextTry(outcome) is { } wait)
            _amendNotBefore[id] = time.GetUtcNow() + wait;
    }

    bool IsDue(VideoId id)
    {
        if (!_amendNotBefore.TryGetValue(id, out var notBefore))
            return true;
        if (notBefore > time.GetUtcNow())
            return false;
        _amendNotBefore.TryRemove(id, out _);
        return true;
    }

    async Task RemoveAsync(Video video, WorkSignals signals)
    {
        // The row says deleting, so what still runs stops at its next step; its last chunk must be recorded before chunks are listed.
        if (video.Upload.Source is { } source)
            await _work.EndAsync(IngestOf(source), signals.Stopping);
        await _work.EndAsync(AmendmentOf(video.Id), signals.Stopping);
        using var place = await _lanes.Removing.EnterAsync(signals.Stopping);
        await removals.FinishAsync(video.Id, signals.Stopping);
    }

    static string IngestOf(StagedBlob source) => IngestOf(source.Name);

    static string IngestOf(string blobName) => $"ingest/{blobName}";

    static string AmendmentOf(VideoId id) => $"amend/{id}";

    public override void Dispose()
    {
        _lanes.Dispose();
        _bell.Dispose();
        base.Dispose();
    }
}
