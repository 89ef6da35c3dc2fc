namespace TgVault.Core.Telegram;

/// <summary>One bot in one channel.</summary>
/// <param name="Bot">Its id, which is no secret.</param>
/// <param name="Channel">The channel's id.</param>
/// <param name="Paused">How long Telegram has asked it to wait from now on; zero where it may post.</param>
public sealed record LaneStatus(long Bot, long Channel, TimeSpan Paused);

/// <summary>How the vault stands with Telegram, for its owner.</summary>
public interface ITelegramStatus
{
    /// <summary>Every bot in every channel. Asks nobody.</summary>
    IReadOnlyList<LaneStatus> Lanes { get; }

    /// <summary>
    /// How long posting so many messages takes at least, at the pace that is set, over all lanes, from now on; zero where there is none.
    /// </summary>
    TimeSpan TimeFor(long messages);

    /// <summary>
    /// Asks Telegram whether every bot's token works and every bot may do in every channel what a vault needs; one sentence per problem.
    /// </summary>
    Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken);
}
