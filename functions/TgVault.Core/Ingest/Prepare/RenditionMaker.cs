using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using TgVault.Core.Ffmpeg;
using TgVault.Core.Ffmpeg.Recoding;
using TgVault.Core.Ingest.Decision;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Settings;
using TgVault.Core.Staging;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Prepare;

/// <summary>
/// Makes the smaller sizes of a prepared video that the setting asks for: each an MP4 and its index, checked against the original's. One
/// that cannot be made is noted with its reason and left out. Each is added when it is done, so that after a crash only the one under way
/// is made again.
/// </summary>
sealed class RenditionMaker(
    IStaging staging,
    RenditionEncoder encoder,
    MediaProbe probe,
    FfmpegTools tools,
    VaultSettings settings,
    ILogger<RenditionMaker> logger
) : ICompanionMaker
{
    // What boxes and the encoder's short-term overshoot may take above the rate.
    const double Slack = 1.1;

    public bool NeedsFfmpeg(Video video) =>
        video.Inspection is { Decision.Action: not MediaAction.KeepAsFile, Media: { } media }
        && MediaPlan.MainVideo(media) is not null
        && RenditionLadder.TryParse(settings.Renditions) is { Length: > 0 } ladder
        && !ladder.All(height => Has(video, height));

    public async Task MakeAsync(CompanionWork work, CancellationToken cancellationToken)
    {
        if (work.Prepared.Media is not { } media || MediaPlan.MainVideo(media) is not { } track)
            return;
        // Without segments there is nothing to switch between.
        if (IndexMaker.Find(work.Video) is not { State: CompanionState.Waiting } indexed)
            return;
        if (RenditionLadder.TryParse(settings.Renditions) is not { Length: > 0 } ladder)
            return;
        var original = work.Index ?? await ReadIndexAsync(indexed, cancellationToken);
        if (original.Tracks[0].Kind != MediaTrackKind.Video)
            return;
        var wanted = ladder.Where(height => height < ShownHeight(original) && !Has(work.Video, height)).ToList();
        if (wanted.Count == 0)
            return;

        work.LetGo();
        using var input = TemporaryFile.Create(tools.TemporaryFolder, ".input");
        var problem = await TryCopyAsync(work.Prepared, media, wanted[0], input.Path, cancellationToken);
        var (tones, unmapped) = problem is null ? await TryMapAsync(input.Path, track, cancellationToken) : (null, problem);
        problem = unmapped;
        using var mapped = tones;
        foreach (var height in wanted)
        {
            var companion = new Companion
            {
                Kind = CompanionKind.Rendition,
                Number = work.NextNumber,
                Name = RenditionLadder.NameOf(height),
                ContentType = "video/mp4",
            };
            await work.AddAsync(
                problem is null
                    ? await TryMakeAsync(work, companion, input.Path, track, original, height, tones, cancellationToken)
                    : [Failed(work, companion, problem)],
                cancellationToken
            );
        }
    }

    async Task<ImmutableArray<Companion>> TryMakeAsync(
        CompanionWork work,
        Companion companion,
        string input,
        MediaTrack track,
        Mp4Index original,
        int height,
        ToneMap? tones,
        CancellationToken cancellationToken
    )
    {
        using var output = TemporaryFile.Create(tools.TemporaryFolder, ".mp4");
        try
        {
            await encoder.RunAsync(
                input,
                output.Path,
                track,
                original.Tracks[0].Timescale,
                SegmentStarts(original),
                height,
                Alignment.HiddenPictures(original) > 0,
                tones,
                cancellationToken
            );
            await using var content = LocalCopy.OpenToRead(output.Path);
            var built = await Mp4Index.BuildAsync(LocalCopy.ReaderOf(content), content.Length, cancellationToken);
            var index = Alignment.Align(built, original);
            content.Position = 0;
            companion = await work.StageAsync(companion, $"rendition-{companion.Name}.mp4", content, cancellationToken);
            companion = companion with { Media = await probe.ProbeAsync(output.Path, cancellationToken) };
            logger.RenditionMade(work.Run.Video, companion.Name, companion.LengthBytes);
            return [companion, await IndexMaker.StageAsync(work, companion.Number, index, cancellationToken)];
        }
        catch (Exception exception) when (exception is FfmpegException or MediaException or IOException)
        {
            var reason = exception is IOException ? "The temporary space was used up while it was encoded." : exception.Message;
            return [Failed(work, companion, reason)];
        }
    }

    // High dynamic range taken as it is into H.264's 8 bits would show its steps.
    async Task<(ToneMap? Tones, string? Problem)> TryMapAsync(string path, MediaTrack track, CancellationToken cancellationToken)
    {
        try
        {
            return (await ToneMap.PrepareAsync(tools, path, track, cancellationToken), null);
        }
        catch (FfmpegException exception)
        {
            return (null, exception.Message);
        }
        catch (IOException)
        {
            return (null, "The temporary space was used up before it could be encoded.");
        }
    }

    /// <summary>Copies the prepared file for ffmpeg; a sentence where there is no room for it and the largest rendition.</summary>
    async Task<string?> TryCopyAsync(
        PreparedFile prepared,
        MediaSummary media,
        int height,
        string path,
        CancellationToken cancellationToken
    )
    {
        var needed = prepared.LengthBytes + (long)(RenditionEncoder.MaxBitRate(height) / 8.0 * media.DurationSeconds * Slack) + (1 << 20);
        var free = tools.FreeBytes;
        if (free < needed)
            return $"Encoding it needs {needed >> 20} MiB of temporary space and {free >> 20} MiB were free.";
        try
        {
            await LocalCopy.WriteAllAsync(staging, prepared.Extents, path, cancellationToken);
            return null;
        }
        catch (IOException)
        {
            return "The temporary space was used up before it could be encoded.";
        }
    }

    async Task<Mp4Index> ReadIndexAsync(Companion companion, CancellationToken cancellationToken)
    {
        var encoded = new byte[companion.LengthBytes];
        await staging.ReadAsync(companion.Extents, 0, encoded, cancellationToken);
        return Mp4Index.Decode(encoded);
    }

    Companion Failed(CompanionWork work, Companion companion, string reason)
    {
        logger.RenditionFailed(work.Run.Video, companion.Name, reason);
        return companion with { State = CompanionState.Failed, Failure = reason };
    }

    /// <summary>When segments begin that have pictures, in seconds from the first picture on that is not hidden.</summary>
    static IEnumerable<double> SegmentStarts(Mp4Index original)
    {
        var lead = original.Tracks[0];
        var first = Math.Max(lead.Start, Alignment.HiddenPictures(original) > 0 ? lead.Origin : 0);
        return original
            .Segments.Boundaries.Take(original.Segments.Tracks[0].Filled.Length)
            .Select(boundary => (boundary - first) / (double)lead.Timescale);
    }

    static bool Has(Video video, int height) =>
        video.Files.Companions.Any(companion =>
            companion.Kind == CompanionKind.Rendition && companion.Name == RenditionLadder.NameOf(height)
        );

    static int ShownHeight(Mp4Index index) => index.Tracks[0].Rotation is 90 or 270 ? index.Tracks[0].Width : index.Tracks[0].Height;
}
