using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Pictures;
using TgVault.Core.Settings;
using TgVault.Core.Staging;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Prepare;

/// <summary>
/// Makes the poster and the storyboard of a prepared film. Where that does not work, both are noted with the reason, and the film goes on
/// without them.
/// </summary>
sealed class PictureMaker(IStaging staging, PictureTaker taker, VaultSettings settings, ILogger<PictureMaker> logger) : ICompanionMaker
{
    // Of a WebM, which has to be there as a whole for ffmpeg to read it.
    const long MostCopied = 4L << 30;

    // It takes a second or two, so it waits for no place that others hold for hours (PictureEncoder has turns of its own).
    public bool NeedsFfmpeg(Video video) => false;

    public async Task MakeAsync(CompanionWork work, CancellationToken cancellationToken)
    {
        if (!settings.Pictures || !work.Plays || FilmSource.VideoOf(work.Prepared.Media) is null || HasPictures(work.Video))
            return;
        await work.AddAsync(await TryTakeAsync(work, cancellationToken), cancellationToken);
    }

    async Task<ImmutableArray<Companion>> TryTakeAsync(CompanionWork work, CancellationToken cancellationToken)
    {
        try
        {
            var film = new FilmSource(
                work.Read,
                work.Prepared.LengthBytes,
                work.Prepared.Media!,
                await IndexOfAsync(work, cancellationToken),
                MostCopied
            );
            var companions = ImmutableArray.CreateBuilder<Companion>();
            foreach (var pictures in await taker.TakeAsync(film, cancellationToken))
            {
                using var content = new MemoryStream(pictures.Content, writable: false);
                companions.Add(
                    await work.StageAsync(pictures.ToCompanion(), $"{pictures.Kind}.zip".ToLowerInvariant(), content, cancellationToken)
                );
            }

            return companions.ToImmutable();
        }
        catch (Exception exception) when (exception is FfmpegException or MediaException or IOException)
        {
            var reason = exception is IOException ? "The temporary space was used up while its pictures were made." : exception.Message;
            logger.PicturesFailed(work.Run.Video, reason);
            return PackedPictures.Failed(reason);
        }
    }

    /// <summary>The index that was made before, now or before a crash; null where the file has none, or begins with no pictures.</summary>
    async Task<Mp4Index?> IndexOfAsync(CompanionWork work, CancellationToken cancellationToken)
    {
        var index = work.Index;
        if (index is null && IndexMaker.Find(work.Video) is { State: CompanionState.Waiting } companion)
        {
            var encoded = new byte[companion.LengthBytes];
            await staging.ReadAsync(companion.Extents, 0, encoded, cancellationToken);
            index = Mp4Index.Decode(encoded);
        }

        return index?.Tracks[0].Kind == MediaTrackKind.Video ? index : null;
    }

    static bool HasPictures(Video video) =>
        video.Files.Companions.Any(companion => companion.Kind is CompanionKind.Poster or CompanionKind.Storyboard);
}
