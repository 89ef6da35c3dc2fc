using TgVault.Core.Chunks;

namespace TgVault.Core.Replicas.Channel;

/// <summary>One channel beside the vault's own, and the bots that post there.</summary>
/// <param name="Channel">Its id.</param>
/// <param name="Documents">Posts there, at the pace of these bots, and reads.</param>
/// <param name="Pinboard">What is pinned there.</param>
/// <param name="Memory">What is remembered of documents there.</param>
/// <param name="Forwarding">Takes documents over from the vault's channels; null where these bots are not the vault's.</param>
/// <param name="Owned">What is to be disposed of with it.</param>
sealed record ChannelStore(
    long Channel,
    IChunkStore Documents,
    IPinboard Pinboard,
    IDocumentMemory Memory,
    IDocumentForwarding? Forwarding,
    IDisposable Owned
) : IDisposable
{
    public void Dispose() => Owned.Dispose();
}
