using TgVault.Core.Library;
using TgVault.Core.Staging;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest;

/// <summary>
/// Ends a step that may run for hours, an ffmpeg for example, when its attempt is over: the video was removed, another attempt took over,
/// or the upload was replaced. It looks at the row and the blob, so it works whichever process was asked.
/// </summary>
static class AttemptWatch
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <exception cref="AttemptAbandonedException">The attempt was over before the step was.</exception>
    /// <exception cref="StagedBlobChangedException">Its upload was replaced or removed before the step was over.</exception>
    public static async Task<StepOutcome> RunAsync(
        ILibrary library,
        IStaging staging,
        IngestRun run,
        TimeProvider time,
        Func<CancellationToken, Task<StepOutcome>> step,
        CancellationToken cancellationToken
    )
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var over = WhenOverAsync(library, staging, run, time, watching.Token);
        try
        {
            var work = step(ending.Token);
            if (await Task.WhenAny(work, over) == over && await over is not null)
                await ending.CancelAsync();
            return await work;
        }
        // However it takes its end: an ffmpeg that is killed reports a failure.
        catch (Exception) when (ending.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw await over ?? new AttemptAbandonedException();
        }
        finally
        {
            await watching.CancelAsync();
            await over;
        }
    }

    /// <summary>Why, once the attempt is over; null when there is no need to look any more.</summary>
    static async Task<Exception?> WhenOverAsync(
        ILibrary library,
        IStaging staging,
        IngestRun run,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                if (await ReasonAsync(library, staging, run, cancellationToken) is { } reason)
                    return reason;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The step has ended, or everything stops.
        }

        return null;
    }

    static async Task<Exception?> ReasonAsync(ILibrary library, IStaging staging, IngestRun run, CancellationToken cancellationToken)
    {
        try
        {
            if (await library.FindAsync(run.Video, cancellationToken) is not { } video || !IngestRows.IsCurrent(video, run))
                return new AttemptAbandonedException();
            return
                video.Upload.Source is { } source
                && (await staging.FindAsync(StagingArea.Uploads, source.Name, cancellationToken))?.ETag != source.ETag
                ? new StagedBlobChangedException($"The staged blob {source.Name} was replaced or removed while it was being ingested.")
                : null;
        }
#pragma warning disable CA1031 // What cannot be read now is looked at again. The step itself notices what is lasting.
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return null;
        }
    }
}
