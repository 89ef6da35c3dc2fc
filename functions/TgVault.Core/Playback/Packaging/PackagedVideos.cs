using Microsoft.Extensions.Logging;
using TgVault.Core.Caching;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Playback.Budget;
using TgVault.Core.Playback.Open;
using TgVault.Core.Videos;

namespace TgVault.Core.Playback.Packaging;

/// <summary>The packaging of the stored MP4s played last. For any number of threads.</summary>
internal sealed class PackagedVideos : IDisposable
{
    /// <summary>Ten three-hour films, or hundreds of clips.</summary>
    public const long DefaultBytes = 12 << 20;

    readonly IndexReader _reader;
    readonly SharedCache<FileKey, PackagedVideo> _kept;
    readonly FailedPackaging _failed;

    /// <param name="videos">Opens the files.</param>
    /// <param name="maxBytes">Memory for indexes; the one in use is kept whatever its size.</param>
    /// <param name="time">How long failures are remembered.</param>
    /// <param name="log">Is told what was stored and could not be used.</param>
    public PackagedVideos(OpenVideos videos, long maxBytes, TimeProvider time, ILogger<PackagedVideos> log)
    {
        _failed = new FailedPackaging(time);
        _reader = new IndexReader(videos, log);
        _kept = new SharedCache<FileKey, PackagedVideo>(maxBytes, video => video.MemoryBytes)
        {
            Dropped = video => Pages.Remove(video.Index),
        };
    }

    /// <summary>Unpacked pages of the indexes that are kept; the vault's only ones.</summary>
    public PageCache Pages { get; } = new(PageCache.DefaultBytes);

    /// <summary>
    /// The packaging of what a ready video plays (0): its prepared file, or the MP4 that has the sound of one in another container. Or that
    /// of its companion with this number. Where that could not be made of the bytes that are stored, whoever asks again soon is told the
    /// same, and nothing is read.
    /// </summary>
    /// <exception cref="MediaException">
    /// The stored file is no MP4, or one that cannot be cut into segments; the message is for people.
    /// </exception>
    /// <exception cref="BudgetException">The link that asks spent its allowance.</exception>
    /// <exception cref="VaultException">The chunks could not be read, or the row is not the video's any more.</exception>
    public async ValueTask<PackagedVideo> GetAsync(Video video, int file, CancellationToken cancellationToken)
    {
        if (TryFind(video, ref file) is { } kept)
            return kept;
        // Each who asks by its own: what is made then is for all who wait.
        if (LinkAllowance.Current is { } allowance)
            await allowance.PassAsync(cancellationToken);
        return await MakeAsync(video, file, cancellationToken);
    }

    public void Dispose()
    {
        _kept.Dispose();
        _failed.Dispose();
        _reader.Dispose();
    }

    // What is kept; throws what is remembered. The file becomes the one that is meant.
    PackagedVideo? TryFind(Video video, ref int file)
    {
        if (file == 0 && SoundOf(video) is { } sound)
        {
            if (sound.State == CompanionState.Failed)
                throw new MediaException(sound.Failure ?? "Its sound could not be written to an MP4.");
            file = sound.Number;
        }

        if (_kept.TryGet(KeyOf(video, file), out var kept))
            return kept;
        return _failed.Find(video, file) is { } failure ? throw failure : null;
    }

    ValueTask<PackagedVideo> MakeAsync(Video video, int file, CancellationToken cancellationToken) =>
        _kept.GetAsync(KeyOf(video, file), token => PackageAsync(video, file, token), cancellationToken);

    async Task<PackagedVideo> PackageAsync(Video video, int file, CancellationToken cancellationToken)
    {
        try
        {
            var index = await ReadAsync(video, file, cancellationToken);
            Pages.Add(index);
            return new PackagedVideo(index, file);
        }
        catch (VaultException failure)
        {
            await _failed.RememberAsync(video, file, failure);
            throw;
        }
    }

    async Task<Mp4Index> ReadAsync(Video video, int file, CancellationToken cancellationToken)
    {
        if (await _reader.TryReadStoredAsync(video, file, cancellationToken) is { } stored)
            return stored;
        // Before a build has its turn: a rendition that waited for its original would keep it from it.
        var isRendition = RenditionReader.StoredOf(video).Any(companion => companion.Number == file);
        var original = isRendition ? await GetOriginalAsync(video, cancellationToken) : null;
        return await _reader.BuildAsync(video, file, original?.Index, cancellationToken);
    }

    ValueTask<PackagedVideo> GetOriginalAsync(Video video, CancellationToken cancellationToken)
    {
        var file = 0;
        return TryFind(video, ref file) is { } kept ? ValueTask.FromResult(kept) : MakeAsync(video, file, cancellationToken);
    }

    static FileKey KeyOf(Video video, int file) => new(video.Id, video.Life.Attempt, file);

    static Companion? SoundOf(Video video) =>
        video.Files.Companions.FirstOrDefault(companion =>
            companion is { Kind: CompanionKind.Sound, State: CompanionState.Stored or CompanionState.Failed }
        );

    readonly record struct FileKey(VideoId Video, int Attempt, int File);
}
