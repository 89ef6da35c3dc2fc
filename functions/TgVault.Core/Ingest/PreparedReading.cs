using TgVault.Core.Catalogue;
using TgVault.Core.Staging;

namespace TgVault.Core.Ingest;

/// <summary>Reads a prepared file by range, whichever blobs its pieces lie in.</summary>
static class PreparedReading
{
    /// <summary>Fills the whole destination from <paramref name="offset"/> of the prepared file.</summary>
    /// <exception cref="StagedBlobChangedException">A blob was replaced or removed.</exception>
    public static async Task ReadAsync(this IStaging staging, PreparedFile file, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + destination.Length, file.LengthBytes);
        var start = 0L;
        foreach (var extent in file.Extents)
        {
            if (destination.IsEmpty) return;
            var within = offset - start;
            if (within < extent.LengthBytes)
            {
                var length = (int)Math.Min(destination.Length, extent.LengthBytes - within);
                await staging.ReadAsync(extent.Blob, extent.Offset + within, destination[..length], cancellationToken);
                destination = destination[length..];
                offset += length;
            }

            start += extent.LengthBytes;
        }
    }
}
