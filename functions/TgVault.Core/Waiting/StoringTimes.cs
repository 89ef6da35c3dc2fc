using TgVault.Core.Caching;
using TgVault.Core.Chunks;
using TgVault.Core.Library;
using TgVault.Core.Settings;
using TgVault.Core.Telegram;
using TgVault.Core.Videos;

namespace TgVault.Core.Waiting;

/// <summary>How long storing takes at least by Telegram's pace, before anything was sent: what is stored now goes before.</summary>
public sealed class StoringTimes : IDisposable
{
    /// <summary>Of so many videos that are stored what is left is counted; more wait long anyway.</summary>
    const int MostLooked = 1000;

    // Beside the chunks of its file: its index, pictures, manifest and the catalogue.
    const int Besides = 5;

    // Many may be announced one after the other.
    readonly SharedCache<string, Queue> _queue;
    readonly ILibrary _library;
    readonly ITelegramStatus _telegram;
    readonly ChunkSettings _chunks;

    internal StoringTimes(ILibrary library, ITelegramStatus telegram, ChunkSettings chunks, TimeProvider time)
    {
        (_library, _telegram, _chunks) = (library, telegram, chunks);
        _queue = new(1000, _ => 100) { Lifetime = TimeSpan.FromSeconds(5), Time = time };
    }

    /// <summary>How long until a file of so many bytes is stored that arrives now, at least; null where there is no pace.</summary>
    /// <param name="sizeBytes">Its length; smaller sizes of its pictures come on top.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask<TimeSpan?> FindAsync(long sizeBytes, CancellationToken cancellationToken)
    {
        if (_telegram.TimeFor(1_000_000) == TimeSpan.Zero)
            return null;
        var queue = await _queue.GetAsync("", CountAsync, cancellationToken);
        return _telegram.TimeFor(queue.Messages + MessagesOf(sizeBytes));
    }

    public void Dispose() => _queue.Dispose();

    async Task<Queue> CountAsync(CancellationToken cancellationToken)
    {
        var messages = 0L;
        var looked = 0;
        await foreach (var video in _library.ListUnfinishedAsync(cancellationToken))
        {
            if (video.Life.Status != VideoStatus.Ingesting)
                continue;
            messages += video.Life switch
            {
                { Stage: > IngestStage.Sending } => 2,
                { Stage: IngestStage.Sending, Progress: { ChunksTotal: > 0 } progress } => 2 + progress.ChunksTotal - progress.ChunksDone,
                _ => MessagesOf(video.Upload.SizeBytes),
            };
            if (++looked == MostLooked)
                break;
        }

        return new Queue(messages);
    }

    long MessagesOf(long sizeBytes) =>
        sizeBytes <= 0 || !ChunkSizes.Fits(sizeBytes, _chunks.Size) ? Besides : ChunkSizes.Plan(sizeBytes, _chunks.Size).Count + Besides;

    sealed record Queue(long Messages);
}
