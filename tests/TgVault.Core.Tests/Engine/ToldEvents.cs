using TgVault.Core.Videos;
using TgVault.Core.Webhooks;

namespace TgVault.Core.Tests.Engine;

/// <summary>Notes what is to be told.</summary>
sealed class ToldEvents : IEventTeller
{
    public List<LifeEvent> All { get; } = [];

    public Task TellAsync(Video video, CancellationToken cancellationToken)
    {
        All.AddRange(video.Untold);
        return Task.CompletedTask;
    }

    public Task TellAllAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
