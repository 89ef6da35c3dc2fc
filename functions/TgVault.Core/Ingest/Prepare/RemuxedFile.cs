using System.Collections.Immutable;
using TgVault.Core.Ffmpeg;
using TgVault.Core.Ingest.Decision;
using TgVault.Core.Mp4.Movie;
using TgVault.Core.Staging;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Prepare;

/// <summary>An upload that ffmpeg writes anew. Both files are local for as long as that takes.</summary>
sealed class RemuxedFile(IStaging staging, Remux remux, MediaProbe probe, FfmpegTools tools)
{
    // A remux that lost a tenth of what the container promised lost part of the film.
    const double LeastKeptDuration = 0.9;

    /// <exception cref="FfmpegException">ffmpeg could not do it.</exception>
    /// <exception cref="MediaException">ffmpeg did it, and what it wrote does not play.</exception>
    /// <exception cref="VaultException">
    /// There is no room for temporary files. The upload is fine: making room and retrying works.
    /// </exception>
    internal async Task<PreparedUpload> PrepareAsync(
        IngestRun run,
        StagedBlob source,
        MediaSummary media,
        CancellationToken cancellationToken
    )
    {
        CheckRoom(source);
        var input = TemporaryFile.Create(tools.TemporaryFolder, ".input");
        try
        {
            using var output = TemporaryFile.Create(tools.TemporaryFolder, ".mp4");
            await LocalCopy.WriteAllAsync(staging, [Extent.Whole(source)], input.Path, cancellationToken);
            await remux.RunAsync(input.Path, output.Path, TracksOf(media), cancellationToken);
            var written = await ProbeAsync(output.Path, media, cancellationToken);
            await using var content = LocalCopy.OpenToRead(output.Path);
            var (layout, head) = await ReadHeadAsync(content, cancellationToken);
            content.Position = 0;
            var blob = await staging.SavePreparedAsync(PreparedName.Of(run, "video.mp4"), content, cancellationToken);
            return new PreparedUpload(
                new PreparedFile
                {
                    Extents = [Extent.Whole(blob)],
                    LengthBytes = blob.LengthBytes,
                    ContentType = MediaPlan.ContentType(written),
                    Media = written with { MoovOffset = layout.Moov.Offset },
                },
                head,
                input
            );
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

    /// <summary>What is written of a file: all that its treatment does not leave out.</summary>
    static ImmutableArray<RemuxTrack> TracksOf(MediaSummary media) =>
        [
            .. media
                .Tracks.Where(track => track.Treatment is { Action: not TrackAction.LeaveOut })
                .Select(track => new RemuxTrack(track, track.Treatment!.Action == TrackAction.Transcode)),
        ];

    /// <summary>ffmpeg's exit code is no playability check: what it wrote is inspected like an upload.</summary>
    async Task<MediaSummary> ProbeAsync(string path, MediaSummary promised, CancellationToken cancellationToken)
    {
        var written = await probe.ProbeAsync(path, cancellationToken);
        if (written is null || (MediaPlan.MainVideo(promised) is not null && MediaPlan.MainVideo(written) is null))
            throw new MediaException("FFmpeg wrote no playable video from this file.");
        // Only these containers state their duration; others are estimates.
        var states = MediaPlan.IsMp4(promised) || promised.Container.StartsWith("matroska", StringComparison.Ordinal);
        if (states && written.DurationSeconds < promised.DurationSeconds * LeastKeptDuration)
            throw new MediaException(
                $"The file is cut short or damaged: of {promised.DurationSeconds:0.#} s only {written.DurationSeconds:0.#} s could be read."
            );
        return written;
    }

    // A moov that is larger than is read makes no index, but it plays.
    static async Task<(Mp4Layout Layout, Mp4Head? Head)> ReadHeadAsync(FileStream file, CancellationToken cancellationToken)
    {
        var read = LocalCopy.ReaderOf(file);
        var layout = await Mp4Layout.ReadAsync(read, file.Length, cancellationToken);
        if (!layout.IsFaststart)
            throw new MediaException("FFmpeg wrote a file whose index is not at its front.");
        return (layout, layout.Moov.LengthBytes <= Mp4Head.MaxMoovBytes ? await Mp4Head.ReadAsync(layout, read, cancellationToken) : null);
    }

    void CheckRoom(StagedBlob source)
    {
        // The copy and what ffmpeg makes of it.
        var needed = source.LengthBytes * 2;
        var free = tools.FreeBytes;
        if (free < needed)
            throw new VaultException(
                $"Preparing this file needs {needed >> 20} MiB of temporary space and {free >> 20} MiB are free. "
                    + "Make room, or set TgVault__Ffmpeg__TemporaryFolder, and retry."
            );
    }
}
