using TgVault.Core.Crypto;
using TgVault.Core.Ingest;
using TgVault.Core.Ingest.Prepare;
using TgVault.Core.Ingest.Steps;
using TgVault.Core.Library;
using TgVault.Core.Settings;
using TgVault.Core.Staging;
using TgVault.Core.Videos;

namespace TgVault.Core.Upkeep;

/// <inheritdoc/>
sealed class CompanionWishes(ILibrary library, IStaging staging, KeyRing keys, ChunkSettings chunks, TimeProvider time) : ICompanionWishes
{
    public async Task<Companion?> AddAsync(
        VideoId id,
        Companion companion,
        Stream content,
        Func<Video, bool> isWanted,
        CancellationToken cancellationToken
    )
    {
        // The number first, so that no other file is staged, sent or recorded under it.
        var number = 0;
        var attempt = 0;
        var reserved = await library.ChangeAsync(
            id,
            video =>
            {
                number = 0;
                if (video is not { Life.Status: VideoStatus.Ready } || !isWanted(video))
                    return null;
                if (video.Files.LastCompanion >= Companion.MaxNumber || video.Files.Companions.Length >= Companion.MaxPerVideo)
                    throw new VaultException(
                        $"A video can have {Companion.MaxPerVideo} files beside it, and {Companion.MaxNumber} over its life; "
                            + "remove some, or upload the video again."
                    );
                (number, attempt) = (video.Files.LastCompanion + 1, video.Life.Attempt);
                return video with { Files = video.Files with { LastCompanion = number } };
            },
            cancellationToken
        );
        if (number == 0)
            return null;

        var blob = await staging.SavePreparedAsync(PreparedName.OfAdded(id, number), content, cancellationToken);
        companion = companion with
        {
            Number = number,
            LengthBytes = blob.LengthBytes,
            Extents = [new Extent(blob, 0, blob.LengthBytes)],
            State = CompanionState.Waiting,
            Failure = null,
        };
        companion = companion.Cut(new IngestRun(id, attempt), keys, chunks);
        var isAdded = false;
        await library.ChangeAsync(
            id,
            video =>
            {
                isAdded =
                    video is { Life.Status: VideoStatus.Ready }
                    && video.Life.Attempt == attempt
                    // The reservation is no change that somebody could have missed; whatever else was written is.
                    && (video.RowVersion == reserved?.RowVersion || isWanted(video));
                return isAdded
                    ? video with
                    {
                        Files = video.Files with { Companions = video.Files.Companions.Add(companion) },
                        Updated = time.GetUtcNow(),
                    }
                    : null;
            },
            cancellationToken
        );
        if (isAdded)
            return companion;
        await staging.DeleteAsync(blob, cancellationToken);
        return null;
    }

    public Task<Video?> RemoveAsync(
        VideoId id,
        Func<Companion, bool> which,
        Func<Video, bool> isWanted,
        CancellationToken cancellationToken
    ) =>
        library.ChangeAsync(
            id,
            video =>
                video is { Life.Status: VideoStatus.Ready }
                && isWanted(video)
                && video.Files.Companions.Any(companion => companion.State != CompanionState.Leaving && which(companion))
                    ? video with
                    {
                        Files = video.Files with
                        {
                            Companions =
                            [
                                .. video.Files.Companions.Select(companion => which(companion) ? companion.Leaving() : companion),
                            ],
                        },
                        Manifests = video.Manifests with { IsStale = true },
                        Updated = time.GetUtcNow(),
                    }
                    : null,
            cancellationToken
        );
}
