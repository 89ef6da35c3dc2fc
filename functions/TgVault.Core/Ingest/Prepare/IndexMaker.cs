using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Staging;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Prepare;

/// <summary>
/// Makes the index of a prepared MP4 from its staged pieces, so that a cold instance plays HLS without opening the moov. A file that cannot be indexed is stored
/// all the same: the companion says why there is none.
/// </summary>
sealed class IndexMaker(IStaging staging, ILogger<IndexMaker> logger)
{
    public const string ContentType = "application/octet-stream";

    /// <summary>The index companion of this file, with its reason where there is no index.</summary>
    /// <param name="run">The attempt.</param>
    /// <param name="number">The companion's number.</param>
    /// <param name="of">The number of the file that is indexed.</param>
    /// <param name="extents">Where that lies.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public async Task<Companion> IndexAsync(
        IngestRun run,
        int number,
        int of,
        ImmutableArray<Extent> extents,
        CancellationToken cancellationToken
    )
    {
        var companion = new Companion
        {
            Kind = CompanionKind.Index,
            Number = number,
            Of = of,
            ContentType = ContentType,
        };
        try
        {
            var index = await Mp4Index.BuildAsync(
                (offset, destination, cancellation) => staging.ReadAsync(extents, offset, destination, cancellation),
                extents.Sum(extent => extent.LengthBytes),
                cancellationToken
            );
            return await StageAsync(run, companion, index, cancellationToken);
        }
        catch (MediaException exception)
        {
            Log.NotIndexed(logger, run.Video, of, exception.Message);
            return companion with { State = CompanionState.Failed, Failure = exception.Message };
        }
    }

    /// <summary>Stages the companion with this index as its content.</summary>
    public async Task<Companion> StageAsync(IngestRun run, Companion companion, Mp4Index index, CancellationToken cancellationToken)
    {
        using var encoded = new MemoryStream(index.Encode(), writable: false);
        var blob = await staging.SavePreparedAsync(PreparedName.Of(run, $"index-{companion.Of}"), encoded, cancellationToken);
        return companion with { LengthBytes = blob.LengthBytes, Extents = [new Extent(blob, 0, blob.LengthBytes)] };
    }
}
