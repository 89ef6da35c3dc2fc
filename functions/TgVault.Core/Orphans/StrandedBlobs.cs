using TgVault.Core.Ingest.Prepare;
using TgVault.Core.Library;
using TgVault.Core.Staging;

namespace TgVault.Core.Orphans;

/// <summary>
/// Removes prepared blobs that nobody names: a companion is staged before the row says so, and where the process is killed in between, or
/// the video goes, the blob would stay for ever.
/// </summary>
public sealed class StrandedBlobs
{
    /// <summary>After so long nobody is about to name one, whichever process made it.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromDays(1);

    readonly ILibrary _library;
    readonly IStaging _staging;

    internal StrandedBlobs(ILibrary library, IStaging staging) => (_library, _staging) = (library, staging);

    /// <summary>Looks at all that is prepared.</summary>
    /// <param name="before">What was made from then on may be about to be named.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task SweepAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await foreach (var blob in _staging.ListPreparedAsync("", cancellationToken))
        {
            if (blob.Modified >= before || VideoId.TryParse(blob.Name.Split('/')[0]) is not { } id)
                continue;
            var video = await _library.FindAsync(id, cancellationToken);
            var isNamed =
                video is not null
                && (
                    !PreparedName.IsAdded(id, blob)
                    || video.Files.Companions.Any(companion => companion.Extents.Any(extent => extent.Blob.Name == blob.Name))
                );
            if (!isNamed)
                await _staging.DeleteAsync(blob, cancellationToken);
        }
    }
}
