using TgVault.Core.Videos;

namespace TgVault.Core.Library;

/// <summary>Whether anybody wants to be told of what happens to videos: what nobody wants is not noted.</summary>
interface IEventWishes
{
    ValueTask<bool> AreWantedAsync(LifeEventKind kind, CancellationToken cancellationToken);
}
