using TgVault.Core.Videos;

namespace TgVault.Core.Staging;

/// <summary>The permission to write one blob. <paramref name="Url"/> is a secret until it expires.</summary>
public sealed record UploadPermit(Uri Url, DateTimeOffset Expires);

/// <summary>Temporary blobs: uploads, and what ingest makes of them.</summary>
public interface IStaging
{
    /// <summary>
    /// Makes what blobs lie in and, where the account allows it, the CORS rule for browser uploads. Before anything else is asked.
    /// </summary>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>
    /// A URL that may create and write the blob named after <paramref name="id"/>, and nothing else, until it expires. Relative where it
    /// leads to the vault's own port.
    /// </summary>
    Task<UploadPermit> CreateUploadAsync(VideoId id, TimeSpan lifetime, CancellationToken cancellationToken);

    /// <summary>Where upload URLs lead to, if that is not the vault itself: pages that upload have to allow it.</summary>
    Uri? UploadOrigin => null;

    /// <summary>All finished uploads; blobs with only uncommitted blocks are not among them.</summary>
    IAsyncEnumerable<StagedBlob> ListUploadsAsync(CancellationToken cancellationToken);

    /// <summary>All prepared blobs whose names begin so, in order of their names.</summary>
    IAsyncEnumerable<StagedBlob> ListPreparedAsync(string start, CancellationToken cancellationToken);

    /// <summary>The blob as it is now; null where there is none.</summary>
    Task<StagedBlob?> FindAsync(StagingArea area, string name, CancellationToken cancellationToken);

    /// <summary>
    /// What is wrong with an upload besides its length, in a sentence for a person; null where nothing is: it is not made of blocks, or
    /// one block stands for many.
    /// </summary>
    Task<string?> FindFaultAsync(StagedBlob upload, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    /// <summary>
    /// About how many bytes of an upload have arrived that is not complete; null where nobody knows. Cheap enough to be asked each second.
    /// </summary>
    Task<long?> MeasureUploadAsync(VideoId id, CancellationToken cancellationToken) => Task.FromResult<long?>(null);

    /// <summary>Fills the whole destination from <paramref name="offset"/> of that version of the blob.</summary>
    /// <exception cref="StagedBlobChangedException">The blob was replaced or removed.</exception>
    Task ReadAsync(StagedBlob blob, long offset, Memory<byte> destination, CancellationToken cancellationToken);

    /// <summary>Makes this the upload of a video, as if a client had sent it; memory use does not depend on its length.</summary>
    /// <exception cref="VaultException">The disk has no room for it.</exception>
    Task SaveUploadAsync(VideoId id, Stream content, CancellationToken cancellationToken);

    /// <summary>Writes a prepared blob, replacing an older one of that name; memory use does not depend on its length.</summary>
    Task<StagedBlob> SavePreparedAsync(string name, Stream content, CancellationToken cancellationToken);

    /// <summary>Removes that version of the blob; what is gone or replaced already is left as it is.</summary>
    Task DeleteAsync(StagedBlob blob, CancellationToken cancellationToken);

    /// <summary>
    /// Removes whatever was uploaded under <paramref name="id"/>, whichever version it is; nobody wants it any more. In Azure, blocks that
    /// were never committed go a week later, by themselves.
    /// </summary>
    Task DiscardUploadAsync(VideoId id, CancellationToken cancellationToken);

    /// <summary>
    /// Removes what nobody came back for: blocks that were never committed, a week after the last one came. Where blobs are in Azure, it
    /// does so by itself.
    /// </summary>
    Task SweepAsync(CancellationToken cancellationToken);
}

/// <summary>The staged blob is no longer the version that ingest began with.</summary>
sealed class StagedBlobChangedException : VaultException
{
    public StagedBlobChangedException() { }

    public StagedBlobChangedException(string message)
        : base(message) { }

    public StagedBlobChangedException(string message, Exception? inner)
        : base(message, inner) { }
}
