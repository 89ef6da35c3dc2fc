using Microsoft.Extensions.Logging;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Playback.Open;
using TgVault.Core.Videos;

namespace TgVault.Core.Playback.Packaging;

/// <summary>
/// Reads the index of a stored MP4: what ingest stored beside the file, or, where that is not there, of another version or does not fit,
/// what the file's own moov says.
/// </summary>
internal sealed class IndexReader(OpenVideos videos, ILogger log) : IDisposable
{
    /// <summary>More than any index that the format can describe usefully: a day of 60 fps video has some 8 MiB.</summary>
    const int MaxIndexBytes = 64 << 20;

    // An index may be large, and a build may hold a moov of many megabytes.
    readonly SemaphoreSlim _turns = new(2, 2);

    /// <summary>The index that is stored beside a file; null where there is none that can be used.</summary>
    /// <exception cref="VaultException">It cannot be read for now, or the row is not the video's any more.</exception>
    public async Task<Mp4Index?> TryReadStoredAsync(Video video, int of, CancellationToken cancellationToken)
    {
        var companion = video.Files.Companions.FirstOrDefault(companion =>
            companion is { Kind: CompanionKind.Index, State: CompanionState.Stored } && companion.Of == of
        );
        if (companion is not { LengthBytes: <= MaxIndexBytes } || video.FileOf(of) is not { LengthBytes: var sourceBytes })
            return null;
        await _turns.WaitAsync(cancellationToken);
        try
        {
            await using var stream = await videos.OpenAsync(video, companion.Number, cancellationToken);
            if (stream is null)
                return null;
            stream.ReadForAll();
            var encoded = new byte[stream.Length];
            stream.ReadEnd = stream.Length;
            await stream.ReadExactlyAsync(encoded, cancellationToken);
            var index = Mp4Index.Decode(encoded);
            if (index.SourceBytes == sourceBytes)
                return index;
            log.StoredIndexUnusable(video.Id, of, $"it is of a file of {index.SourceBytes} bytes, this one has {sourceBytes}");
        }
        catch (Exception exception)
            when (exception is MediaException or IntegrityException or ChunkStoreException { Failure: not ChunkStoreFailure.Transient })
        {
            log.StoredIndexUnusable(video.Id, of, exception.Message);
        }
        finally
        {
            _turns.Release();
        }

        return null;
    }

    /// <summary>The index made from the file itself.</summary>
    /// <param name="video">A ready video.</param>
    /// <param name="file">The prepared file (0) or a companion's number.</param>
    /// <param name="original">What a rendition's segments are aligned to; null for the prepared file.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="MediaException">It is no MP4, or one that cannot be cut into segments.</exception>
    /// <exception cref="VaultException">The chunks could not be read, or the row is not the video's any more.</exception>
    public async Task<Mp4Index> BuildAsync(Video video, int file, Mp4Index? original, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            await using var stream = await videos.OpenAsync(video, file, cancellationToken) ?? throw OpenVideos.Replaced(video.Id);
            stream.ReadForAll();
            var built = await Mp4Index.BuildAsync(
                async (offset, destination, token) =>
                {
                    stream.Position = offset;
                    stream.ReadEnd = offset + destination.Length;
                    await stream.ReadExactlyAsync(destination, token);
                },
                stream.Length,
                cancellationToken
            );
            return original is null ? built : Alignment.Align(built, original);
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();
}
