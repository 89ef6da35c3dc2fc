using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using TgVault.Core.Library;
using TgVault.Core.Recovery;
using TgVault.Core.Replicas.Copies;
using TgVault.Core.Rotation;
using TgVault.Core.Settings;
using TgVault.Core.Storage;
using TgVault.Core.Telegram;
using TgVault.Core.Videos;
using TgVault.Web.Http;
using TgVault.Web.Lists;

namespace TgVault.Web.Health;

/// <summary>How the vault is, for its owner: its queue, its space, and how it stands with Telegram.</summary>
internal sealed class StatusRoutes(
    ILibrary library,
    LibraryFigures figures,
    ITelegramStatus telegram,
    ILibraryRecovery recovery,
    IReplicas replicas,
    INightlyChecks checks,
    IKeyRotation rotation,
    VaultSettings settings,
    TimeProvider time,
    IHostApplicationLifetime host
)
{
    /// <summary>Of so many videos that are worked on the bytes are told; more wait long anyway.</summary>
    const int MostLooked = 1000;

    // What takes longer is told the next time somebody asks.
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    readonly Kept<IReadOnlyList<string>> _checked = new(() => telegram.CheckAsync(host.ApplicationStopping), TimeSpan.FromMinutes(1), time);

    public async Task<IResult> ShowStatus(HttpContext context)
    {
        var leaving = context.RequestAborted;
        var counts = figures.Counts.GetWithinAsync(LongestWait, leaving);
        var bytes = figures.StoredBytes.GetWithinAsync(LongestWait, leaving);
        var problems = _checked.GetWithinAsync(LongestWait, leaving);
        var queue = await QueueAsync(leaving);
        var known = await problems;
        var lists = await counts is { } counted ? ListsView.Of(counted.Value) : null;
        return VaultJson.Answer(
            new VaultStatusView(
                lists?.Videos,
                lists?.Statuses,
                (long?)(await bytes)?.Value,
                StorageFolder.FreeBytes(settings),
                queue,
                new TelegramView(
                    known?.At,
                    known is null ? null : [.. known.Value],
                    [.. telegram.Lanes.Select(lane => new LaneView($"{lane.Bot}", lane.Channel, Math.Ceiling(lane.Paused.TotalSeconds)))]
                ),
                await recovery.FindAsync(leaving) is { IsDone: false } found ? found.Told : null,
                await ReplicasAsync(leaving),
                await ChecksAsync(leaving),
                (await rotation.ListLeftAsync(RotationRoutes.MostLeft, leaving)).Length
            )
        );
    }

    async Task<ImmutableArray<ReplicaView>?> ReplicasAsync(CancellationToken cancellationToken)
    {
        var shown = await replicas.ShowAsync(cancellationToken);
        return shown.Length == 0
            ? null
            :
            [
                .. shown.Select(replica => new ReplicaView(
                    replica.Kind,
                    replica.Place,
                    replica.Videos,
                    replica.Waiting,
                    replica.Verified,
                    replica.Problem.Length > 0 ? replica.Problem : null
                )),
            ];
    }

    async Task<ChecksView?> ChecksAsync(CancellationToken cancellationToken)
    {
        var shown = await checks.ShowChecksAsync(cancellationToken);
        return shown.Shares == 0 ? null : new ChecksView(shown.Shares, shown.Done, shown.Last, shown.Lost, shown.Mended, shown.Unchecked);
    }

    async Task<QueueView> QueueAsync(CancellationToken cancellationToken)
    {
        var (videos, bytes, rate) = (0, 0L, 0d);
        await foreach (var video in library.ListUnfinishedAsync(cancellationToken).WithCancellation(cancellationToken))
        {
            if (video.Life.Status != VideoStatus.Ingesting)
                continue;
            var progress = video.Life.Progress;
            bytes += progress is null ? video.Upload.SizeBytes : progress.BytesTotal - progress.BytesDone;
            rate += progress?.BytesPerSecond ?? 0;
            if (++videos == MostLooked)
                break;
        }

        return new QueueView(videos, bytes, rate > 0 ? Math.Round(rate) : null, rate > 0 ? Math.Round(bytes / rate) : null);
    }
}
