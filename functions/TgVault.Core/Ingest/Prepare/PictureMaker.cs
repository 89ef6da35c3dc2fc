using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using TgVault.Core.Ffmpeg;
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
sealed class PictureMaker(IStaging staging, PictureTaker taker, FfmpegTools tools, VaultSettings settings, ILogger<PictureMaker> logger)
    : ICompanionMaker
{
    // A cover is taken from an upload that is here as a whole, or small enough to be fetched for it: music is.
    const long MostFetched = 64 << 20;

    const int SmallestCover = 320;

    // Of a WebM, which has to be there as a whole for ffmpeg to read it.
    const long MostCopied = 4L << 30;

    // It takes a second or two, so it waits for no place that others hold for hours (PictureEncoder has turns of its own).
    public bool NeedsFfmpeg(Video video) => false;

    public async Task MakeAsync(CompanionWork work, CancellationToken cancellationToken)
    {
        if (!settings.Pictures || !work.Plays || HasPictures(work.Video))
            return;
        var film = FilmSource.VideoOf(work.Prepared.Media);
        var cover = await TryTakeCoverAsync(work, isAlone: film is null, cancellationToken);
        var pictures = film is null ? [] : await TryTakeAsync(work, cancellationToken);
        if (cover is not null)
            pictures = [cover, .. pictures.Where(companion => companion.Kind != CompanionKind.Poster)];
        await work.AddAsync(pictures, cancellationToken);
    }

    /// <summary>
    /// The upload's own cover as the poster: of sound whatever there is, of a film one that lies as films do. Null where there is none, or
    /// it does not decode: a film has other pictures.
    /// </summary>
    async Task<Companion?> TryTakeCoverAsync(CompanionWork work, bool isAlone, CancellationToken cancellationToken)
    {
        if (work.Video.Inspection.Media?.Cover is not { } cover || work.Video.Upload.Source is not { } source)
            return null;
        if (!isAlone && (cover.Width < cover.Height || cover.Width < SmallestCover))
            return null;
        if (work.UploadCopy is null && source.LengthBytes > MostFetched)
            return null;
        try
        {
            using var fetched = work.UploadCopy is null ? TemporaryFile.Create(tools.TemporaryFolder, ".input") : null;
            if (fetched is not null)
                await LocalCopy.WriteAllAsync(staging, [Extent.Whole(source)], fetched.Path, cancellationToken);
            var poster = await taker.TakeAsync((fetched ?? work.UploadCopy!).Path, cover, cancellationToken);
            return await StageAsync(work, poster, cancellationToken);
        }
        catch (Exception exception) when (exception is FfmpegException or MediaException or IOException)
        {
            logger.CoverNotTaken(work.Run.Video, exception.Message);
            return null;
        }
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
                companions.Add(await StageAsync(work, pictures, cancellationToken));
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

    static async Task<Companion> StageAsync(CompanionWork work, PackedPictures pictures, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream(pictures.Content, writable: false);
        return await work.StageAsync(pictures.ToCompanion(), $"{pictures.Kind}.zip".ToLowerInvariant(), content, cancellationToken);
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
