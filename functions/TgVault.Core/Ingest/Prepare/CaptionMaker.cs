using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using TgVault.Core.Captioning;
using TgVault.Core.Ffmpeg;
using TgVault.Core.Ingest.Decision;
using TgVault.Core.Mp4.Text;
using TgVault.Core.Staging;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Prepare;

/// <summary>
/// Takes the text subtitles out of an upload, as captions to be stored beside the video. Where the upload is an MP4 that is not written
/// anew, its texts are read by range from where they lie; otherwise ffmpeg reads a local copy. What cannot be taken out is noted with its
/// reason, and the video goes on without it.
/// </summary>
sealed class CaptionMaker(IStaging staging, SubtitleExtraction extraction, FfmpegTools tools, ILogger<CaptionMaker> logger)
    : ICompanionMaker
{
    /// <summary>More languages than anyone translates a film into, and what a video's row has room for.</summary>
    const int MaxTracks = 64;

    public bool NeedsFfmpeg(Video video) =>
        video.Inspection is { Decision.Action: not MediaAction.KeepAsFile, Media: { } media }
        && !HasCaptions(video)
        && !TextTracksOf(media).IsEmpty
        && !IsReadByRange(video);

    public async Task MakeAsync(CompanionWork work, CancellationToken cancellationToken)
    {
        if (!work.Plays || HasCaptions(work.Video))
            return;
        var tracks = TextTracksOf(work.Video.Inspection.Media!);
        if (tracks.IsEmpty)
            return;
        await work.AddAsync(
            IsReadByRange(work.Video) ? await FromMp4Async(work, tracks, cancellationToken)
                : work.UploadCopy is { } copy ? await FromCopyAsync(work, copy.Path, tracks, cancellationToken)
                : await FromUploadAsync(work, tracks, cancellationToken),
            cancellationToken
        );
    }

    static bool HasCaptions(Video video) => video.Files.Companions.Any(companion => companion.Kind == CompanionKind.Captions);

    static bool IsReadByRange(Video video) =>
        MediaPlan.IsMp4(video.Inspection.Media!) && video.Inspection.Decision!.Action != MediaAction.Remux;

    async Task<ImmutableArray<Companion>> FromUploadAsync(
        CompanionWork work,
        ImmutableArray<MediaTrack> tracks,
        CancellationToken cancellationToken
    )
    {
        var source = work.Video.Upload.Source!;
        var free = tools.FreeBytes;
        if (free < source.LengthBytes)
            return Failed(
                work,
                tracks,
                $"Reading its subtitles needs {source.LengthBytes >> 20} MiB of temporary space and {free >> 20} MiB were free."
            );
        using var copy = TemporaryFile.Create(tools.TemporaryFolder, ".input");
        try
        {
            await LocalCopy.WriteAllAsync(staging, [Extent.Whole(source)], copy.Path, cancellationToken);
        }
        catch (IOException)
        {
            return Failed(work, tracks, "The temporary space was used up before its subtitles could be read.");
        }

        return await FromCopyAsync(work, copy.Path, tracks, cancellationToken);
    }

    async Task<ImmutableArray<Companion>> FromCopyAsync(
        CompanionWork work,
        string path,
        ImmutableArray<MediaTrack> tracks,
        CancellationToken cancellationToken
    )
    {
        var outputs = tracks.Select(track => (Track: track, File: TemporaryFile.Create(tools.TemporaryFolder, ".vtt"))).ToImmutableArray();
        try
        {
            var failure = await ExtractAsync(path, outputs, cancellationToken);
            // One track that cannot be read ends the run for all: then each on its own.
            var eachAlone = failure is not null && outputs.Length > 1;
            var companions = new List<Companion>();
            foreach (var output in outputs)
            {
                var alone = eachAlone ? await ExtractAsync(path, [output], cancellationToken) : failure;
                companions.Add(
                    await StageAsync(
                        work,
                        NameOf(output.Track, companions),
                        async () =>
                            alone is null
                                ? WebVtt.ReadExtracted(
                                    await ReadAsync(output.File.Path, cancellationToken),
                                    SubtitleExtraction.IsCopied(output.Track)
                                )
                                : throw new MediaException(alone),
                        cancellationToken
                    )
                );
            }

            return [.. companions];
        }
        finally
        {
            foreach (var (_, file) in outputs)
                file.Dispose();
        }
    }

    // The prepared file has the upload's text tracks, in the same order and under the same times.
    async Task<ImmutableArray<Companion>> FromMp4Async(
        CompanionWork work,
        ImmutableArray<MediaTrack> tracks,
        CancellationToken cancellationToken
    )
    {
        ImmutableArray<TextTrack> found;
        try
        {
            found = TextTrack.Find(await work.HeadAsync(cancellationToken));
        }
        catch (MediaException exception)
        {
            return Failed(work, tracks, exception.Message);
        }

        var companions = new List<Companion>();
        foreach (var track in found.Take(MaxTracks))
        {
            companions.Add(
                await StageAsync(
                    work,
                    NameOf(track.Language, track.Name, companions),
                    async () => Mp4Captions.Of(await track.ReadAsync(work.Read, cancellationToken)),
                    cancellationToken
                )
            );
        }

        return [.. companions];
    }

    /// <summary>Stages one text; where there is none, the companion says why.</summary>
    async Task<Companion> StageAsync(
        CompanionWork work,
        Companion companion,
        Func<Task<CaptionText>> read,
        CancellationToken cancellationToken
    )
    {
        byte[] text;
        try
        {
            text = (await read()).Write();
        }
        catch (MediaException exception)
        {
            return Failed(work, companion, exception.Message);
        }

        if (text.Length > CaptionText.MaxBytes)
            return Failed(work, companion, $"The captions are larger than {CaptionText.MaxBytes >> 20} MiB.");
        using var content = new MemoryStream(text, writable: false);
        return await work.StageAsync(companion, $"captions-{companion.Language}.vtt", content, cancellationToken);
    }

    async Task<string?> ExtractAsync(
        string path,
        ImmutableArray<(MediaTrack Track, TemporaryFile File)> outputs,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await extraction.RunAsync(
                path,
                [.. outputs.Select(output => (output.Track, output.File.Path))],
                CaptionText.MaxBytes,
                cancellationToken
            );
            return null;
        }
        catch (FfmpegException exception)
        {
            return exception.Message;
        }
    }

    static async Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (new FileInfo(path) is not { Exists: true, Length: > 0 } file)
            throw new MediaException("ffmpeg wrote nothing of it.");
        return file.Length <= CaptionText.MaxBytes
            ? await File.ReadAllBytesAsync(path, cancellationToken)
            : throw new MediaException($"The captions are larger than {CaptionText.MaxBytes >> 20} MiB.");
    }

    ImmutableArray<Companion> Failed(CompanionWork work, ImmutableArray<MediaTrack> tracks, string reason)
    {
        var companions = new List<Companion>();
        foreach (var track in tracks)
            companions.Add(Failed(work, NameOf(track, companions), reason));
        return [.. companions];
    }

    Companion Failed(CompanionWork work, Companion companion, string reason)
    {
        logger.CaptionsNotTaken(work.Run.Video, companion.Language, reason);
        return companion with { State = CompanionState.Failed, Failure = reason };
    }

    // Also those that ffmpeg could not write into the MP4.
    static ImmutableArray<MediaTrack> TextTracksOf(MediaSummary media) =>
        [.. media.Tracks.Where(track => track.Kind == MediaTrackKind.Subtitle && MediaPlan.IsText(track)).Take(MaxTracks)];

    static Companion NameOf(MediaTrack track, List<Companion> before) => NameOf(track.Language, track.Title, before);

    // Captions are found by their language. A second text in one (for the hard of hearing, of signs only) gets a tag of its own with it.
    static Companion NameOf(string language, string title, List<Companion> before)
    {
        var tag = LanguageTag.Parse(language) ?? LanguageTag.Undetermined;
        var unique = tag;
        for (var i = 2; before.Exists(other => other.Language == unique); i++)
            unique = FormattableString.Invariant($"{tag}-x-{i}");
        var name = string.Concat(title.Where(c => !char.IsControl(c))).Trim();
        return new Companion
        {
            Kind = CompanionKind.Captions,
            Number = 0,
            Language = unique,
            Name = name.Length > 0 ? name : unique,
            ContentType = CaptionText.ContentType,
        };
    }
}
