using TgVault.Core.Library;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest;

/// <summary>
/// Thrown inside a step when its attempt is no longer the video's: it was removed, or another attempt took over. It becomes
/// <see cref="StepResult.Abandoned"/>.
/// </summary>
sealed class AttemptAbandonedException : Exception;

/// <summary>Reads and changes the row of one attempt, and notices when the attempt is over.</summary>
static class IngestRows
{
    /// <exception cref="AttemptAbandonedException">The attempt is not this video's current one any more.</exception>
    public static async Task<Video> ReadAsync(this ILibrary library, IngestRun run, CancellationToken cancellationToken)
    {
        var video = await library.FindAsync(run.Video, cancellationToken);
        return video is not null && IsCurrent(video, run) ? video : throw new AttemptAbandonedException();
    }

    /// <summary>Changes the row as <see cref="LibraryChanges.ChangeAsync"/> does, but only while the attempt is current.</summary>
    /// <exception cref="AttemptAbandonedException">The attempt is not this video's current one any more.</exception>
    public static async Task<Video> ChangeAsync(
        this ILibrary library,
        IngestRun run,
        TimeProvider time,
        Func<Video, Video?> change,
        CancellationToken cancellationToken
    )
    {
        var stored = await library.ChangeAsync(
            run.Video,
            video => IsCurrent(video, run) && change(video) is { } changed ? changed with { Updated = time.GetUtcNow() } : null,
            cancellationToken
        );
        return stored is not null && stored.Life.Attempt == run.Attempt && stored.Life.Status != VideoStatus.Deleting
            ? stored
            : throw new AttemptAbandonedException();
    }

    public static bool IsCurrent(Video video, IngestRun run) =>
        video.Life.Attempt == run.Attempt && video.Life.Status == VideoStatus.Ingesting;
}
