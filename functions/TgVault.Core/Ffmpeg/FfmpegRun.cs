using FFMpegCore;

namespace TgVault.Core.Ffmpeg;

/// <summary>One run of ffmpeg: within the time that the settings allow, ended with the caller's cancellation, its last words in the exception where it failed.</summary>
static class FfmpegRun
{
    const int KeptErrorLines = 20;

    // FFMpegCore asks ffmpeg to quit first; a file this size is not worth waiting for longer.
    static readonly TimeSpan QuitTimeout = TimeSpan.FromSeconds(5);

    /// <param name="run">What to run.</param>
    /// <param name="failure">The sentence for a person where ffmpeg ends with an error.</param>
    /// <exception cref="FfmpegException">ffmpeg failed, is missing, or took longer than the settings allow. Its output may be there in part.</exception>
    public static async Task RunAsync(
        this FfmpegTools tools,
        FFMpegArgumentProcessor run,
        string failure,
        CancellationToken cancellationToken
    )
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(tools.PrepareTimeout);
        FFMpegResult result;
        try
        {
            result = await run.CancellableThrough(limited.Token, QuitTimeout).ProcessAsynchronously(false, tools.Options, limited.Token);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // With errors returned as a result, what is thrown is that the program is not there or may not run.
            throw new FfmpegException(
                "ffmpeg could not be started: install FFmpeg, or set TgVault__Ffmpeg__Folder to where it is.",
                -1,
                "",
                exception
            );
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw TookTooLong(tools);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (limited.IsCancellationRequested)
            throw TookTooLong(tools);
        if (!result.Success)
            throw new FfmpegException(failure, result.ExitCode, string.Join('\n', result.StandardError.TakeLast(KeptErrorLines)));
    }

    static FfmpegException TookTooLong(FfmpegTools tools) =>
        new($"ffmpeg did not finish within {tools.PrepareTimeout.TotalMinutes:0} minutes.", -1, "");
}
