using TgVault.Core.Chunks;
using TgVault.Core.Chunks.Intents;

namespace TgVault.Core.Replicas.Channel;

/// <summary>One channel beside the vault's own, and the bots that post there.</summary>
/// <param name="Channel">Its id.</param>
/// <param name="Documents">Posts there, at the pace of these bots, and reads.</param>
/// <param name="Pinboard">What is pinned there.</param>
/// <param name="Memory">What is remembered of documents there.</param>
/// <param name="Intents">What these bots were about to post there.</param>
/// <param name="Forwarding">Takes documents over from the vault's channels; null where these bots are not the vault's.</param>
/// <param name="Check">Asks whether these bots may do there what a copy needs; one sentence per problem.</param>
/// <param name="Owned">What is to be disposed of with it.</param>
sealed record ChannelStore(
    long Channel,
    IChunkStore Documents,
    IPinboard Pinboard,
    IDocumentMemory Memory,
    IPostIntents Intents,
    IDocumentForwarding? Forwarding,
    Func<CancellationToken, Task<IReadOnlyList<string>>> Check,
    IDisposable Owned
) : IDisposable
{
    public void Dispose() => Owned.Dispose();
}
