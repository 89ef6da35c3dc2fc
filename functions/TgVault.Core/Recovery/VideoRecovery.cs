using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Keys;
using TgVault.Core.Library;
using TgVault.Core.Replicas;
using TgVault.Core.Videos;

namespace TgVault.Core.Recovery;

/// <summary>What the tables have of one video, read back from them, and how much of it was read from the channel.</summary>
/// <param name="WasOpened">Whether its manifest was opened now; else its row was there.</param>
readonly record struct RecoveredVideo(bool WasOpened, int Files, long Chunks, long Bytes, long Read);

/// <summary>Rebuilds the rows of one video from its manifest.</summary>
/// <param name="replicas">Told where the copies lie that are in their channels.</param>
sealed class VideoRecovery(
    ILibrary library,
    IRecoverySource source,
    ReplicaSet replicas,
    HeaderKeys keys,
    RecoveryRequest request,
    TimeProvider time
)
{
    const int RecordsAtOnce = 8;

    // No vault is older than this. Minutes since then are above every epoch that was counted up by hand, and above those of an earlier
    // recovery, which need not have reached the manifests.
    static readonly DateTimeOffset FirstEpoch = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Safe to repeat; a row that is there stays as it is.</summary>
    /// <exception cref="ChunkStoreException">The store failed.</exception>
    /// <exception cref="IntegrityException">What the catalogue leads to is not this video's manifest, or a chunk did not open.</exception>
    public async Task<RecoveredVideo> RunAsync(CatalogueEntry entry, CancellationToken cancellationToken)
    {
        var video = await library.FindAsync(entry.Video, cancellationToken);
        var isOpened = false;
        if (video is null || await FindGapAsync(video, cancellationToken) is not null)
        {
            var manifest = await OpenAsync(entry, cancellationToken);
            isOpened = true;
            if (video is null || video.Life.Attempt == manifest.Attempt)
                await RecordAsync(manifest, cancellationToken);
            if (video is null)
            {
                await library.TryAddAsync(RowOf(manifest, source.Keep(entry.Manifest!)), cancellationToken);
                video = await library.FindAsync(entry.Video, cancellationToken);
            }

            if (video is null)
                throw new VaultException($"The row of video {entry.Video} went while it was recovered.");
            if (await FindGapAsync(video, cancellationToken) is { } gap)
                throw new VaultException($"The tables have a row of video {entry.Video}, but not as planned the record of chunk {gap}.");
        }

        var files = video.FilesOf(CompanionState.Stored);
        var read = 0L;
        if (request.ReadChunks)
        {
            foreach (var file in files)
                read += await ReadAsync(file, cancellationToken);
        }

        return new RecoveredVideo(
            isOpened,
            files.Length,
            files.Sum(file => (long)file.Plan.Count),
            files.Sum(file => file.LengthBytes),
            read
        );
    }

    /// <summary>The manifest, after every key in it was unwrapped.</summary>
    async Task<Manifest> OpenAsync(CatalogueEntry entry, CancellationToken cancellationToken)
    {
        var document = await source.ReadManifestAsync(entry, cancellationToken);
        var opening = await keys.FindAsync(document, cancellationToken);
        var manifest = ManifestDocument.Open(document, opening);
        if (manifest.Id != entry.Video)
            throw new IntegrityException($"The catalogue leads to the manifest of video {manifest.Id} instead.");
        foreach (var file in manifest.ToVideo(entry.Manifest!).FilesOf(CompanionState.Stored))
            opening.UnwrapFor(file).Dispose();
        return manifest;
    }

    /// <summary>Puts the chunk records into the tables, in place of others of these chunks.</summary>
    Task RecordAsync(Manifest manifest, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            manifest.ToChunkRecords().Select(chunk => source.Keep(chunk)),
            new ParallelOptions { MaxDegreeOfParallelism = RecordsAtOnce, CancellationToken = cancellationToken },
            async (chunk, cancellation) =>
            {
                await replicas.NoteAsync(new ChunkIdentity(manifest.Id, manifest.Attempt, chunk.Number), chunk.Copies, cancellation);
                var recorded = await library.AddChunkAsync(manifest.Id, manifest.Attempt, chunk, cancellation);
                if (recorded.Receipt == chunk.Receipt && recorded.Salt.Span.SequenceEqual(chunk.Salt.Span))
                    return;
                await library.RemoveChunkAsync(manifest.Id, manifest.Attempt, chunk.Number, cancellation);
                await library.AddChunkAsync(manifest.Id, manifest.Attempt, chunk, cancellation);
            }
        );

    Video RowOf(Manifest manifest, ChunkReceipt receipt)
    {
        var video = manifest.ToVideo(receipt);
        if (source.PostsManifests)
            video = video with { Manifests = video.Manifests with { IsStale = true } };
        return request.KeepLinks
            ? video
            : video with
            {
                LinkEpoch = Math.Max(video.LinkEpoch + 1, (int)(time.GetUtcNow() - FirstEpoch).TotalMinutes),
            };
    }

    /// <summary>The first chunk that the tables do not have as the video's row plans it; null where they have all.</summary>
    async Task<ChunkNumber?> FindGapAsync(Video video, CancellationToken cancellationToken)
    {
        foreach (var file in video.FilesOf(CompanionState.Stored))
        {
            var next = 0;
            await foreach (var chunk in RecordsOf(file, cancellationToken))
            {
                if (chunk.Number != file[next].Number || chunk.LengthBytes != file[next].Span.LengthBytes)
                    break;
                next++;
            }

            if (next < file.Plan.Count)
                return file[next].Number;
        }

        return null;
    }

    /// <summary>Reads every chunk of a file from where the video was found and opens it; how many that were.</summary>
    async Task<long> ReadAsync(StoredFile file, CancellationToken cancellationToken)
    {
        var read = 0L;
        using var dataKey = keys.Find(file.Key.VaultKeyVersion).UnwrapFor(file);
        await foreach (var chunk in RecordsOf(file, cancellationToken))
        {
            var identity = new ChunkIdentity(file.Video, file.Attempt, chunk.Number);
            using var cipher = ChunkCipher.CreateToOpen(dataKey, identity, chunk.Salt.Span, chunk.LengthBytes);
            await cipher.CheckAsync(source.Read(identity, chunk.Receipt), cancellationToken);
            read++;
        }

        return read;
    }

    IAsyncEnumerable<ChunkRecord> RecordsOf(StoredFile file, CancellationToken cancellationToken) =>
        library.ListChunksAsync(file.Video, file.Attempt, file.NumberOf(0), file.Plan.Count, cancellationToken);
}
