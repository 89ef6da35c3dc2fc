using TgVault.Core;
using TgVault.Core.Recovery;
using TgVault.Core.Telegram;
using TgVault.Core.Upkeep;
using TgVault.Core.Videos;

namespace TgVault.Web.Tests;

/// <summary>A vault without bots, which makes no pictures.</summary>
sealed class NoTelegram : ITelegramStatus, IPosters, ILibraryRecovery
{
    public IReadOnlyList<LaneStatus> Lanes => [];

    public TimeSpan TimeFor(long messages) => TimeSpan.Zero;

    public Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);

    public Task<RecoveryState?> FindAsync(CancellationToken cancellationToken) => Task.FromResult<RecoveryState?>(null);

    public Task<RecoveryReport> RunAsync(RecoveryRequest request, Action<RecoveryProgress> tell, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<Companion?> TakeAsync(VideoId id, double seconds, Func<Video, bool> isWanted, CancellationToken cancellationToken) =>
        Task.FromResult<Companion?>(null);

    public Task<Companion?> PutAsync(
        VideoId id,
        ReadOnlyMemory<byte> image,
        Func<Video, bool> isWanted,
        CancellationToken cancellationToken
    ) => Task.FromResult<Companion?>(null);

    public Task<Video?> MakeAsync(VideoId id, Func<Video, bool> isWanted, CancellationToken cancellationToken) =>
        Task.FromResult<Video?>(null);
}
