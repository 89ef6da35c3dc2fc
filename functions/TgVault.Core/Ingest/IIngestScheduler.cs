using TgVault.Core.Upkeep;

namespace TgVault.Core.Ingest;

/// <summary>What the HTTP API asks of whichever engine drives ingest. Both calls return once the wish is recorded, not when it is carried out.</summary>
public interface IIngestScheduler
{
    /// <summary>Takes up a failed video again; one in any other state stays as it is.</summary>
    Task RetryAsync(VideoId id, CancellationToken cancellationToken);

    /// <summary>Brings what is stored of a ready video up to its row: see <see cref="Amendments"/>.</summary>
    Task AmendAsync(VideoId id, CancellationToken cancellationToken);

    /// <summary>Removes a video: its key at once, then its documents, blobs and rows.</summary>
    Task RemoveAsync(VideoId id, CancellationToken cancellationToken);
}
