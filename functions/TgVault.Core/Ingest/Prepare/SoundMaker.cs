using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using TgVault.Core.Ffmpeg;
using TgVault.Core.Ingest.Decision;
using TgVault.Core.Ingest.Rewriting;
using TgVault.Core.Mp4.Movie;
using TgVault.Core.Staging;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Prepare;

/// <summary>
/// Makes the MP4 that HLS and DASH play of sound that is stored as it is in another container: what can be copied is, the rest becomes
/// AAC. Where it cannot be made, the sound plays as its file, and the reason says so.
/// </summary>
sealed class SoundMaker(IStaging staging, RemuxAttempts attempts, FfmpegTools tools, ILogger<SoundMaker> logger) : ICompanionMaker
{
    public bool NeedsFfmpeg(Video video) =>
        video.Inspection is { Decision.Action: MediaAction.Take, Media: { } media }
        && MediaPlan.NeedsSoundBeside(media)
        && !video.Files.Companions.Any(companion => companion.Kind == CompanionKind.Sound);

    public async Task MakeAsync(CompanionWork work, CancellationToken cancellationToken)
    {
        if (!NeedsFfmpeg(work.Video))
            return;
        var media = MediaPlan.SoundBeside(work.Video.Inspection.Media!);
        var companion = new Companion
        {
            Kind = CompanionKind.Sound,
            Number = work.NextNumber,
            ContentType = MediaPlan.SoundType,
        };
        ImmutableArray<Companion> made;
        string told;
        try
        {
            (made, var changes) = await WriteAsync(work, companion, media, cancellationToken);
            told = $"HLS and DASH play it from an MP4 beside it ({MediaPlan.ChangesOf(media)}). {string.Join(' ', changes)}".TrimEnd();
        }
        catch (Exception exception) when (exception is VaultException or IOException)
        {
            var reason = exception is IOException ? "The temporary space was used up while it was written." : exception.Message;
            logger.SoundNotWritten(work.Run.Video, reason);
            made = [companion with { State = CompanionState.Failed, Failure = reason }];
            told = $"It plays as one file only, without HLS and DASH: {reason}";
        }

        await work.AddAsync(made, cancellationToken, told);
    }

    async Task<(ImmutableArray<Companion> Made, ImmutableArray<string> Changes)> WriteAsync(
        CompanionWork work,
        Companion companion,
        MediaSummary media,
        CancellationToken cancellationToken
    )
    {
        // The copy and what ffmpeg makes of it.
        var (needed, free) = (work.Prepared.LengthBytes * 2, tools.FreeBytes);
        if (free < needed)
            throw new MediaException($"Writing it needs {needed >> 20} MiB of temporary space and {free >> 20} MiB were free.");
        using var input = TemporaryFile.Create(tools.TemporaryFolder, ".input");
        using var output = TemporaryFile.Create(tools.TemporaryFolder, ".mp4");
        await LocalCopy.WriteAllAsync(staging, work.Prepared.Extents, input.Path, cancellationToken);
        var written = await attempts.WriteAsync(input.Path, output.Path, media, cancellationToken);
        await using var content = LocalCopy.OpenToRead(output.Path);
        var read = LocalCopy.ReaderOf(content);
        var head = await Mp4Head.ReadAsync(read, content.Length, cancellationToken);
        var index = await IndexTrial.RunAsync(head, read, written.Media, cancellationToken);
        content.Position = 0;
        companion = await work.StageAsync(companion, "sound.mp4", content, cancellationToken) with
        {
            Media = written.Media with { MoovOffset = head.Layout.Moov.Offset },
        };
        return ([companion, await IndexMaker.StageAsync(work, companion.Number, index, cancellationToken)], written.Changes);
    }
}
