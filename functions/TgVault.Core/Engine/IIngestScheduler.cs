using TgVault.Core.Upkeep;

namespace TgVault.Core.Engine;

/// <summary>
/// What the HTTP API asks of whichever engine drives ingest. Calls return once the wish is recorded, before it is carried out.
/// </summary>
public interface IIngestScheduler
{
    /// <summary>Takes up a failed video again; one in any other state stays as it is.</summary>
    Task RetryAsync(VideoId id, CancellationToken cancellationToken);

    /// <summary>Brings what is stored of a ready video up to its row: see <see cref="Amendments"/>.</summary>
    Task AmendAsync(VideoId id, CancellationToken cancellationToken);

    /// <summary>Removes a video: its key at once, then its documents, blobs and rows.</summary>
    Task RemoveAsync(VideoId id, CancellationToken cancellationToken);
}
