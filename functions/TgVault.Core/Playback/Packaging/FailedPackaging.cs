using TgVault.Core.Caching;
using TgVault.Core.Videos;

namespace TgVault.Core.Playback.Packaging;

/// <summary>
/// Remembers for a while of which stored files no packaging could be made, since finding out can cost as much as reading all of moov. It is
/// forgotten as soon as the video's row changes: then an index may be stored beside the file. For any number of threads.
/// </summary>
internal sealed class FailedPackaging(TimeProvider time) : IDisposable
{
    // What is stored does not become another MP4.
    static readonly TimeSpan OfContent = TimeSpan.FromMinutes(5);

    // But a document may be put back, or what came of it may have been damaged on its way.
    static readonly TimeSpan OfDocuments = TimeSpan.FromMinutes(1);

    const long MaxBytes = 1000 * FailureBytes;
    const long FailureBytes = 1024;

    readonly SharedCache<Key, Func<VaultException>> _content = Kept(OfContent, time);
    readonly SharedCache<Key, Func<VaultException>> _documents = Kept(OfDocuments, time);

    /// <summary>What to throw instead of trying again; null where nothing is known.</summary>
    public VaultException? Find(Video video, int file)
    {
        var key = KeyOf(video, file);
        return _content.TryGet(key, out var failure) || _documents.TryGet(key, out failure) ? failure() : null;
    }

    /// <summary>Remembers a failure, if trying again soon would end in the same.</summary>
    public async ValueTask RememberAsync(Video video, int file, VaultException failure)
    {
        // Not the exception itself: each that is thrown has a stack of its own.
        var message = failure.Message;
        switch (failure)
        {
            case MediaException:
                await KeepAsync(_content, () => new MediaException(message));
                break;
            case IntegrityException:
                await KeepAsync(_documents, () => new IntegrityException(message));
                break;
            case ChunkStoreException { Failure: ChunkStoreFailure.Gone }:
                await KeepAsync(_documents, () => new ChunkStoreException(ChunkStoreFailure.Gone, message));
                break;
        }

        async Task KeepAsync(SharedCache<Key, Func<VaultException>> cache, Func<VaultException> again) =>
            await cache.GetAsync(KeyOf(video, file), _ => Task.FromResult(again), CancellationToken.None);
    }

    public void Dispose()
    {
        _content.Dispose();
        _documents.Dispose();
    }

    static SharedCache<Key, Func<VaultException>> Kept(TimeSpan lifetime, TimeProvider time) =>
        new(MaxBytes, _ => FailureBytes) { Lifetime = lifetime, Time = time };

    static Key KeyOf(Video video, int file) => new(video.Id, video.RowVersion, video.Life.Attempt, file);

    readonly record struct Key(VideoId Video, string RowVersion, int Attempt, int File);
}
