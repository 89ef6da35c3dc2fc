using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using TgVault.Core.Crypto;
using TgVault.Core.Keys;
using TgVault.Core.Library;
using TgVault.Core.Videos;

namespace TgVault.Core.Rotation;

/// <summary>
/// Wraps the keys in the rows of videos anew, a few at a time: what a row asks for then, a manifest that says the same, is an amendment.
/// So no more is under way at once than amendments keep up with.
/// </summary>
sealed class RotatedRows(ILibrary library, KeyRing keys, ILogger<RotatedRows> logger)
{
    /// <summary>So many videos may wait for their manifests before others are wrapped anew.</summary>
    internal const int MostWaiting = 50;

    const int PageRows = 50;

    /// <summary>Goes through some more rows, as long as not too many amendments wait. Gives the state to be saved.</summary>
    public async Task<(RotationStep Step, RotationState State)> StepAsync(
        RotationState state,
        Func<VideoId, CancellationToken, Task> amend,
        CancellationToken cancellationToken
    )
    {
        var waiting = await CountWaitingAsync(cancellationToken);
        if (waiting >= MostWaiting || (waiting > 0 && state.After is null))
            return (RotationStep.Waits, state with { Waiting = WaitsFor(waiting) });
        var page = await library.ListAllAsync(state.After, PageRows, cancellationToken);
        foreach (var video in page.Where(keys.IsBehind))
            state = await WrapAsync(video.Id, state, amend, cancellationToken);
        if (page.Length == PageRows)
            return (RotationStep.Moved, state with { After = page[^1].Id, Waiting = null });

        // Another instance may have wrapped keys under the former version meanwhile, so a pass that changes nothing is the last.
        var next = state with
        {
            After = null,
            HasChanged = false,
            Stuck = null,
            Waiting = null,
        };
        if (state.Stuck is { } stuck)
            return (
                RotationStep.Waits,
                next with
                {
                    Waiting = $"The keys of video {stuck} do not open, so they cannot be wrapped anew. Restore its row, or delete it.",
                }
            );
        if (state.HasChanged)
            return (RotationStep.Moved, next);
        waiting = await CountWaitingAsync(cancellationToken);
        return waiting > 0
            ? (RotationStep.Waits, next with { Waiting = WaitsFor(waiting) })
            : (RotationStep.Moved, next with { Stage = RotationStage.Catalogue });
    }

    /// <summary>Whether a row has keys of a former version.</summary>
    public async Task<bool> IsAnyBehindAsync(CancellationToken cancellationToken)
    {
        VideoId? after = null;
        ImmutableArray<Video> page;
        do
        {
            page = await library.ListAllAsync(after, 200, cancellationToken);
            if (page.Any(keys.IsBehind))
                return true;
            after = page.IsEmpty ? null : page[^1].Id;
        } while (page.Length == 200);

        return false;
    }

    async Task<RotationState> WrapAsync(
        VideoId id,
        RotationState state,
        Func<VideoId, CancellationToken, Task> amend,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var changed = await library.ChangeAsync(
                id,
                video => keys.IsBehind(video) ? keys.WrapAnew(video) with { Manifests = video.Manifests.Outdated() } : null,
                cancellationToken
            );
            if (changed is { NeedsAmending: true })
                await amend(id, cancellationToken);
            return state with { Videos = state.Videos + 1, HasChanged = true };
        }
        catch (IntegrityException failure)
        {
            logger.KeysDoNotOpen(id, failure);
            return state with { Stuck = state.Stuck ?? id };
        }
    }

    async Task<int> CountWaitingAsync(CancellationToken cancellationToken) =>
        await library
            .ListUnfinishedAsync(cancellationToken)
            .Where(video => video.NeedsAmending || video is { Life.Status: VideoStatus.Ingesting, Manifests.IsStale: true })
            .Take(MostWaiting)
            .CountAsync(cancellationToken);

    static string WaitsFor(int videos) =>
        $"{videos}{(videos >= MostWaiting ? " or more" : "")} videos wait for their manifests to be posted, at the pace of Telegram.";
}
