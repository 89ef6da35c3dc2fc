using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TgVault.Core.Ffmpeg;
using TgVault.Core.Library;
using TgVault.Core.Settings;
using TgVault.Core.Staging;
using TgVault.Core.Telemetry;
using TgVault.Core.Upkeep;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Runner;

/// <summary>
/// Drives ingest on one machine: watches the staging container, runs the workflow for each upload with direct calls, a few at a time, and
/// after a crash goes on from the rows alone. In Azure a blob trigger and Durable Functions do this.
/// </summary>
public sealed class IngestRunner(
    ILibrary library,
    IStaging staging,
    IngestSteps activities,
    Removals removing,
    FfmpegTools tools,
    VaultSettings settings,
    TimeProvider time,
    ILogger<IngestRunner> logger
) : BackgroundService, IIngestScheduler
{
    readonly ConcurrentDictionary<string, Task> _running = new(StringComparer.Ordinal);

    // Apart, because a removal waits for the ingest of its video to stop.
    readonly SemaphoreSlim _ingests = new(settings.Ingest.Videos);
    readonly SemaphoreSlim _removals = new(settings.Ingest.Videos);
    readonly SemaphoreSlim _amendments = new(settings.Ingest.Videos);
    readonly SemaphoreSlim _wake = new(0, 1);

    // Uploads that need nothing more in this version: failed ones stay in staging, and asking their rows every second would cost for nothing.
    readonly Dictionary<string, string> _settled = new(StringComparer.Ordinal);
    readonly Lock _settledLock = new();
    long _retries;

    /// <summary>What failed for good may still come right: a channel that was closed is opened again.</summary>
    static readonly TimeSpan AmendAgain = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public async Task RetryAsync(VideoId id, CancellationToken cancellationToken)
    {
        var video = await library.ChangeAsync(id, current => VideoLife.Retry(current, time.GetUtcNow()), cancellationToken);
        lock (_settledLock)
        {
            // A run that is just ending must not settle the upload after this.
            _retries++;
            if (video?.Upload.Source is { } source)
                _settled.Remove(source.Name);
        }

        Wake();
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(VideoId id, CancellationToken cancellationToken)
    {
        await removing.BeginAsync(id, cancellationToken);
        Wake();
    }

    /// <inheritdoc/>
    public Task AmendAsync(VideoId id, CancellationToken cancellationToken)
    {
        // The row says what to do; a video that is not waiting for anything is passed over.
        Wake();
        return Task.CompletedTask;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TemporaryFile.Sweep(tools.TemporaryFolder);
        var interval = TimeSpan.FromMilliseconds(settings.Uploads.WatchMilliseconds);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await TakeUpUnfinishedAsync(stoppingToken);
                await TakeUpUploadsAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.WatchingFailed(logger, exception);
            }

            await WaitAsync(interval, stoppingToken);
        }

        await Task.WhenAll(_running.Values);
    }

    /// <summary>Rows that say ingesting or deleting, or more than what is stored, while nothing here works on them: left by a crash, or just asked for.</summary>
    async Task TakeUpUnfinishedAsync(CancellationToken cancellationToken)
    {
        await foreach (var video in library.ListUnfinishedAsync(cancellationToken))
        {
            if (video.Life.Status == VideoStatus.Deleting)
                Start(
                    $"remove/{video.Id}",
                    $"Removal of video {video.Id}",
                    _removals,
                    token => RemoveWhenIdleAsync(video, token),
                    cancellationToken
                );
            else if (video.Life.Status == VideoStatus.Ready)
                Start(
                    Amendment(video.Id),
                    $"Amendment of video {video.Id}",
                    _amendments,
                    token => AmendUntilItEndsAsync(video.Id, token),
                    cancellationToken
                );
            else if (video.Upload.Source is { } source)
                StartIngest(new IngestRequest(source.Name, source.ETag, video.Id), cancellationToken);
        }
    }

    async Task TakeUpUploadsAsync(CancellationToken cancellationToken)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var blob in staging.ListUploadsAsync(cancellationToken))
        {
            seen.Add(blob.Name);
            if (!IsSettled(blob))
                StartIngest(new IngestRequest(blob.Name, blob.ETag), cancellationToken);
        }

        lock (_settledLock)
        {
            foreach (var name in _settled.Keys.Where(name => !seen.Contains(name)).ToList())
                _settled.Remove(name);
        }
    }

    void StartIngest(IngestRequest request, CancellationToken cancellationToken) =>
        Start(
            request.BlobName,
            $"Ingest of upload {UploadLabel.Of(request)}",
            _ingests,
            token => IngestAsync(request, token),
            cancellationToken
        );

    async Task IngestAsync(IngestRequest request, CancellationToken cancellationToken)
    {
        var retries = Interlocked.Read(ref _retries);
        using var trace = StepTrace.StartIngest();
        var outcome = await IngestWorkflow.RunAsync(request, new DirectSteps(activities, time, cancellationToken));
        trace.End(outcome.Result.ToString().ToLowerInvariant(), isError: outcome.Result == StepResult.Failed);
        Log.IngestEnded(logger, UploadLabel.Of(request), outcome.Result, outcome.Reason);
        lock (_settledLock)
        {
            if (_retries == retries)
                _settled[request.BlobName] = request.ETag;
        }
    }

    async Task AmendUntilItEndsAsync(VideoId id, CancellationToken cancellationToken)
    {
        while (await activities.AmendAsync(id, cancellationToken) is { Result: StepResult.Wait or StepResult.Failed } outcome)
        {
            if (outcome.Result == StepResult.Failed)
                Log.AmendingFailed(logger, id, outcome.Reason);
            await Task.Delay(outcome.Result == StepResult.Wait ? outcome.Delay : AmendAgain, time, cancellationToken);
        }
    }

    static string Amendment(VideoId id) => $"amend/{id}";

    bool IsSettled(StagedBlob blob)
    {
        lock (_settledLock)
            return _settled.TryGetValue(blob.Name, out var etag) && etag == blob.ETag;
    }

    async Task RemoveWhenIdleAsync(Video video, CancellationToken cancellationToken)
    {
        // The row says deleting, so a workflow that still runs stops at its next step; its last chunk must be recorded before chunks are listed.
        if (video.Upload.Source is { } source && _running.TryGetValue(source.Name, out var ingest))
            await ingest;
        if (_running.TryGetValue(Amendment(video.Id), out var amendment))
            await amendment;
        await removing.FinishAsync(video.Id, cancellationToken);
    }

    /// <summary>Runs one piece of work under a name, at most once at a time, called in the log by its label; whatever it throws ends in the log and it is taken up again later.</summary>
    void Start(string name, string label, SemaphoreSlim places, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        if (_running.ContainsKey(name))
            return;
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_running.TryAdd(name, RunAsync()))
            begin.SetResult();

        async Task RunAsync()
        {
            await begin.Task;
            try
            {
                await places.WaitAsync(cancellationToken);
                try
                {
                    await work(cancellationToken);
                }
                finally
                {
                    places.Release();
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // Stopping: the rows know how far this is.
            }
            catch (Exception exception)
            {
                Log.RunBroke(logger, label, exception);
            }
            finally
            {
                _running.TryRemove(name, out _);
            }
        }
    }

    async Task WaitAsync(TimeSpan interval, CancellationToken cancellationToken)
    {
        try
        {
            await _wake.WaitAsync(interval, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The loop's condition ends it.
        }
    }

    void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody has rung already.
        }
    }

    public override void Dispose()
    {
        _ingests.Dispose();
        _removals.Dispose();
        _amendments.Dispose();
        _wake.Dispose();
        base.Dispose();
    }
}
