using TgVault.Core.Replicas;
using TgVault.Core.Replicas.Channel;
using TgVault.Core.Telegram;

namespace TgVault.Core.Hosting;

/// <summary>How the vault stands with Telegram: what it posts to, and the channels of replicas, too, where something is wrong.</summary>
sealed class WholeTelegramStatus(TelegramChunkStore own, ReplicaSet replicas) : ITelegramStatus
{
    public IReadOnlyList<LaneStatus> Lanes => own.Lanes;

    public TimeSpan TimeFor(long messages) => own.TimeFor(messages);

    public async Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken)
    {
        var problems = new List<string>(await own.CheckAsync(cancellationToken));
        for (var i = 0; i < replicas.All.Length; i++)
        {
            if (replicas.All[i].Documents is ChannelReplica channel)
                problems.AddRange((await channel.Store.Check(cancellationToken)).Select(problem => $"TgVault__Replicas__{i}: {problem}"));
        }

        return problems;
    }
}
