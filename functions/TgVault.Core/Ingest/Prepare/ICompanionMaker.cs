using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Prepare;

/// <summary>
/// Makes companions of one kind, while the prepared file is still in staging. What cannot be made is added as failed, with its reason: the
/// video goes on without it. What a maker throws stops the ingest.
/// </summary>
interface ICompanionMaker
{
    /// <summary>
    /// Whether it would start ffmpeg for this video, as far as the row tells: then a place has to be free (<c>FfmpegPlaces</c>).
    /// </summary>
    bool NeedsFfmpeg(Video video);

    /// <summary>
    /// Makes what the row does not have yet and adds it (<see cref="CompanionWork.AddAsync"/>). Safe to repeat after a crash.
    /// </summary>
    /// <param name="work">The attempt, the row, and the prepared file.</param>
    /// <param name="cancellationToken">Stops making.</param>
    Task MakeAsync(CompanionWork work, CancellationToken cancellationToken);
}
