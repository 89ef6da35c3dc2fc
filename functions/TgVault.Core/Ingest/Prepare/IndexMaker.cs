using Microsoft.Extensions.Logging;
using TgVault.Core.Ffmpeg;
using TgVault.Core.Ingest.Decision;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Prepare;

/// <summary>
/// Makes the index of a prepared MP4, so that a cold instance plays HLS without opening the moov. A file that cannot be indexed is stored
/// all the same: the companion says why there is no index.
/// </summary>
sealed class IndexMaker(ILogger<IndexMaker> logger) : ICompanionMaker
{
    public const string ContentType = "application/octet-stream";

    public bool NeedsFfmpeg(Video video) => false;

    public async Task MakeAsync(CompanionWork work, CancellationToken cancellationToken)
    {
        if (!work.Plays || work.Prepared.Media is not { } media || !MediaPlan.IsMp4(media) || Find(work.Video) is not null)
            return;
        Companion companion;
        try
        {
            work.Index ??= await Mp4Index.BuildAsync(await work.HeadAsync(cancellationToken), work.Read, cancellationToken);
            if (work.Video.Inspection is { Decision.Action: MediaAction.Remux, Media: { } upload })
                work.Index = InLanguagesOf(upload, work.Index);
            companion = await StageAsync(work, of: 0, work.Index, cancellationToken);
        }
        catch (MediaException exception)
        {
            logger.NotIndexed(work.Run.Video, 0, exception.Message);
            companion = New(of: 0) with { State = CompanionState.Failed, Failure = exception.Message };
        }

        await work.AddAsync([companion], cancellationToken);
    }

    /// <summary>The index of the prepared file; null where no attempt was made to make one.</summary>
    public static Companion? Find(Video video) =>
        video.Files.Companions.FirstOrDefault(companion => companion is { Kind: CompanionKind.Index, Of: 0 });

    // ffmpeg has no place for more than three letters: of zh-Hant it writes the language alone.
    static Mp4Index InLanguagesOf(MediaSummary upload, Mp4Index index)
    {
        var told = Remux.Written(upload.Tracks).Where(track => track.Kind == MediaTrackKind.Audio).ToList();
        var sounds = index.Tracks.Where(track => track.Kind == MediaTrackKind.Audio).ToList();
        return told.Count != sounds.Count ? index : index.In([.. index.Tracks.Select(LanguageOf)]);

        string LanguageOf(IndexTrack track) =>
            sounds.IndexOf(track) is >= 0 and var place
            && LanguageTag.Parse(told[place].Language) is { } tag and not LanguageTag.Undetermined
            && LanguageTag.From(track.Language) != tag
                ? tag
                : track.Language;
    }

    /// <summary>Stages an index as a companion of the file with this number.</summary>
    public static async Task<Companion> StageAsync(CompanionWork work, int of, Mp4Index index, CancellationToken cancellationToken)
    {
        using var encoded = new MemoryStream(index.Encode(), writable: false);
        return await work.StageAsync(New(of), $"index-{of}", encoded, cancellationToken);
    }

    static Companion New(int of) =>
        new()
        {
            Kind = CompanionKind.Index,
            Number = 0,
            Of = of,
            ContentType = ContentType,
        };
}
