using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using TgVault.Core.Captioning;
using TgVault.Core.Ffmpeg;
using TgVault.Core.Ingest.Decision;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Movie;
using TgVault.Core.Mp4.Text;
using TgVault.Core.Staging;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Prepare;

/// <summary>
/// Takes the text subtitles out of an upload, as captions to be stored beside the video. An MP4's are read by range from where they lie; of other containers ffmpeg
/// reads a local copy. What cannot be taken out is noted with its reason, and the video goes on without it.
/// </summary>
sealed class CaptionMaker(IStaging staging, SubtitleExtraction extraction, FfmpegTools tools, ILogger<CaptionMaker> logger)
{
    /// <summary>More languages than anyone translates a film into, and what a video's row has room for.</summary>
    const int MaxTracks = 64;

    /// <summary>The captions of an upload that is not copied for anything else; without numbers yet.</summary>
    public async Task<ImmutableArray<Companion>> FromUploadAsync(
        IngestRun run,
        StagedBlob source,
        MediaSummary media,
        CancellationToken cancellationToken
    )
    {
        var tracks = TextTracksOf(media);
        if (tracks.IsEmpty)
            return [];
        if (MediaPlan.IsMp4(media))
            return await FromMp4Async(run, source, tracks, cancellationToken);
        var free = tools.FreeBytes;
        if (free < source.LengthBytes)
            return Failed(
                run,
                tracks,
                $"Reading its subtitles needs {source.LengthBytes >> 20} MiB of temporary space and {free >> 20} MiB were free."
            );
        using var copy = TemporaryFile.Create(tools.TemporaryFolder, ".input");
        try
        {
            await SparseCopy.WriteAllAsync(staging, source, copy.Path, cancellationToken);
        }
        catch (IOException)
        {
            return Failed(run, tracks, "The temporary space was used up before its subtitles could be read.");
        }

        return await FromCopyAsync(run, copy.Path, media, cancellationToken);
    }

    /// <summary>The captions of an upload of which there is a local copy; without numbers yet.</summary>
    public async Task<ImmutableArray<Companion>> FromCopyAsync(
        IngestRun run,
        string path,
        MediaSummary media,
        CancellationToken cancellationToken
    )
    {
        var tracks = TextTracksOf(media);
        if (tracks.IsEmpty)
            return [];
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
                    await SaveAsync(
                        run,
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

    async Task<ImmutableArray<Companion>> FromMp4Async(
        IngestRun run,
        StagedBlob source,
        ImmutableArray<MediaTrack> tracks,
        CancellationToken cancellationToken
    )
    {
        ReadRange read = (offset, destination, cancellation) => staging.ReadAsync(source, offset, destination, cancellation);
        ImmutableArray<TextTrack> found;
        try
        {
            found = await TextTrack.FindAsync(
                await Mp4Layout.ReadAsync(read, source.LengthBytes, cancellationToken),
                read,
                cancellationToken
            );
        }
        catch (MediaException exception)
        {
            return Failed(run, tracks, exception.Message);
        }

        var companions = new List<Companion>();
        foreach (var track in found.Take(MaxTracks))
        {
            companions.Add(
                await SaveAsync(
                    run,
                    NameOf(track.Language, track.Name, companions),
                    async () => TextTracks.CaptionsOf(await track.ReadAsync(read, cancellationToken)),
                    cancellationToken
                )
            );
        }

        return [.. companions];
    }

    /// <summary>Stages one text; where there is none, the companion says why.</summary>
    async Task<Companion> SaveAsync(IngestRun run, Companion companion, Func<Task<CaptionText>> read, CancellationToken cancellationToken)
    {
        byte[] text;
        try
        {
            text = (await read()).Write();
        }
        catch (MediaException exception)
        {
            return Failed(run, companion, exception.Message);
        }

        if (text.Length > CaptionText.MaxBytes)
            return Failed(run, companion, $"The captions are larger than {CaptionText.MaxBytes >> 20} MiB.");
        using var content = new MemoryStream(text, writable: false);
        var blob = await staging.SavePreparedAsync(PreparedName.Of(run, $"captions-{companion.Language}.vtt"), content, cancellationToken);
        return companion with { LengthBytes = blob.LengthBytes, Extents = [new Extent(blob, 0, blob.LengthBytes)] };
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
        if (new FileInfo(path) is not { Exists: true } file)
            throw new MediaException("ffmpeg wrote nothing of it.");
        return file.Length <= CaptionText.MaxBytes
            ? await File.ReadAllBytesAsync(path, cancellationToken)
            : throw new MediaException($"The captions are larger than {CaptionText.MaxBytes >> 20} MiB.");
    }

    ImmutableArray<Companion> Failed(IngestRun run, ImmutableArray<MediaTrack> tracks, string reason)
    {
        var companions = new List<Companion>();
        foreach (var track in tracks)
            companions.Add(Failed(run, NameOf(track, companions), reason));
        return [.. companions];
    }

    Companion Failed(IngestRun run, Companion companion, string reason)
    {
        Log.CaptionsNotTaken(logger, run.Video, companion.Language, reason);
        return companion with { State = CompanionState.Failed, Failure = reason };
    }

    static ImmutableArray<MediaTrack> TextTracksOf(MediaSummary media) =>
        [
            .. media
                .Tracks.Where(track => track.Kind == MediaTrackKind.Subtitle && MediaPlan.SubtitleAction(track) == TrackAction.Copy)
                .Take(MaxTracks),
        ];

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
