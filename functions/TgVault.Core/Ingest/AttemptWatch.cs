using TgVault.Core.Library;

namespace TgVault.Core.Ingest;

/// <summary>
/// Ends a step that may run for hours, an ffmpeg for example, when its attempt is over: the video was removed, or another attempt took
/// over. It looks at the row, so it works whichever process was asked to remove the video.
/// </summary>
static class AttemptWatch
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <exception cref="AttemptAbandonedException">The attempt was over before the step was.</exception>
    public static async Task<StepOutcome> RunAsync(
        ILibrary library,
        IngestRun run,
        TimeProvider time,
        Func<CancellationToken, Task<StepOutcome>> step,
        CancellationToken cancellationToken
    )
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var over = WhenOverAsync(library, run, time, watching.Token);
        try
        {
            var work = step(ending.Token);
            if (await Task.WhenAny(work, over) == over && await over)
                await ending.CancelAsync();
            return await work;
        }
        // However it takes its end: an ffmpeg that is killed reports a failure.
        catch (Exception) when (ending.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new AttemptAbandonedException();
        }
        finally
        {
            await watching.CancelAsync();
            await over;
        }
    }

    /// <summary>True once the attempt is over; false when there is no need to look any more.</summary>
    static async Task<bool> WhenOverAsync(ILibrary library, IngestRun run, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                if (!await IsCurrentAsync(library, run, cancellationToken))
                    return true;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The step has ended, or everything stops.
        }

        return false;
    }

    static async Task<bool> IsCurrentAsync(ILibrary library, IngestRun run, CancellationToken cancellationToken)
    {
        try
        {
            return await library.FindAsync(run.Video, cancellationToken) is { } video && IngestRows.IsCurrent(video, run);
        }
#pragma warning disable CA1031 // A row that cannot be read now is looked at again. The step itself notices what is lasting.
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return true;
        }
    }
}
