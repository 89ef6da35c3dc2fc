using TgVault.Core.Ffmpeg;
using TgVault.Core.Ingest.Decision;
using TgVault.Core.Ingest.Rewriting;
using TgVault.Core.Mp4.Movie;
using TgVault.Core.Staging;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Prepare;

/// <summary>An upload that ffmpeg writes anew. Both files are local for as long as that takes.</summary>
sealed class RemuxedFile(IStaging staging, RemuxAttempts attempts, FfmpegTools tools)
{
    /// <param name="hash">Gets the upload's bytes as they are copied.</param>
    /// <exception cref="FfmpegException">ffmpeg could not do it.</exception>
    /// <exception cref="MediaException">ffmpeg did it, and what it wrote does not play.</exception>
    /// <exception cref="VaultException">
    /// There is no room for temporary files. The upload is fine: making room and retrying works.
    /// </exception>
    internal async Task<PreparedUpload> PrepareAsync(
        IngestRun run,
        StagedBlob source,
        MediaSummary media,
        UploadHash hash,
        CancellationToken cancellationToken
    )
    {
        CheckRoom(source);
        var input = TemporaryFile.Create(tools.TemporaryFolder, ".input");
        try
        {
            using var output = TemporaryFile.Create(tools.TemporaryFolder, ".mp4");
            await LocalCopy.WriteUploadAsync(staging, source, input.Path, hash, cancellationToken);
            await CheckClaimsAsync(input.Path, cancellationToken);
            var written = await attempts.WriteAsync(input.Path, output.Path, media, cancellationToken);
            await using var content = LocalCopy.OpenToRead(output.Path);
            var (layout, head) = await ReadHeadAsync(content, cancellationToken);
            content.Position = 0;
            var blob = await staging.SavePreparedAsync(PreparedName.Of(run, "video.mp4"), content, cancellationToken);
            return new PreparedUpload(
                new PreparedFile
                {
                    Extents = [Extent.Whole(blob)],
                    LengthBytes = blob.LengthBytes,
                    ContentType = MediaPlan.ContentType(written.Media),
                    Media = written.Media with { MoovOffset = layout.Moov.Offset },
                },
                head,
                input,
                written.Treated,
                written.Changes
            );
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

    // Before ffmpeg copies or decodes all that the tables of an MP4 claim. What makes it no MP4, or damaged, is ffmpeg's to tell.
    static async Task CheckClaimsAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = LocalCopy.OpenToRead(path);
        var read = LocalCopy.ReaderOf(file);
        Mp4Head head;
        try
        {
            head = await Mp4Head.ReadAsync(read, file.Length, cancellationToken);
        }
        catch (MediaException)
        {
            return;
        }

        await SampleClaims.CheckAsync(head, read, cancellationToken);
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
