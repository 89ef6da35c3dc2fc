using TgVault.Core.Ingest.Decision;
using TgVault.Core.Mp4.Movie;
using TgVault.Core.Mp4.Relocation;
using TgVault.Core.Staging;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Prepare;

/// <summary>An upload whose moov moves to the front: a small blob with the new head, and the upload's own media behind it.</summary>
static class RelocatedFile
{
    /// <exception cref="MediaException">The index cannot be moved.</exception>
    public static async Task<PreparedUpload> PrepareAsync(
        IStaging staging,
        IngestRun run,
        StagedBlob source,
        MediaSummary media,
        CancellationToken cancellationToken
    )
    {
        var relocation = MoovRelocation.Plan(
            await Mp4Head.ReadAsync(
                (offset, destination, cancellation) => staging.ReadAsync(source, offset, destination, cancellation),
                source.LengthBytes,
                cancellationToken
            )
        );
        using var head = new MemoryStream(relocation.Head, writable: false);
        var blob = await staging.SavePreparedAsync(PreparedName.Of(run, "head"), head, cancellationToken);
        var file = new PreparedFile
        {
            Extents = [Extent.Whole(blob), .. relocation.Media.Select(range => new Extent(source, range.Offset, range.LengthBytes))],
            LengthBytes = relocation.LengthBytes,
            ContentType = MediaPlan.ContentType(media),
            // Moving moov calls HEVC hvc1.
            Media = media with
            {
                Chapters = null,
                MoovOffset = relocation.Moved.Layout.Moov.Offset,
                Tracks =
                [
                    .. media.Tracks.Select(track => track with { Treatment = null, Tag = track.Codec == "hevc" ? "hvc1" : track.Tag }),
                ],
            },
        };
        return new PreparedUpload(file, relocation.Moved);
    }
}
