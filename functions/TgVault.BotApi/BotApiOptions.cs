namespace TgVault.BotApi;

/// <summary>What a stand-in serves and where it keeps it.</summary>
public sealed record BotApiOptions
{
    /// <summary>Folder of documents and message log; created where missing. One server at a time.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Loopback port; 0 = any free one.</summary>
    public int Port { get; init; }

    /// <summary>The bots' tokens, <c>id:secret</c>.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    /// <summary>Channel ids as the Bot API writes them, -100 and the channel's number.
    /// Every bot is an administrator of each at first.</summary>
    public required IReadOnlyList<long> Channels { get; init; }

    /// <summary>Whether <c>/control/...</c> answers: faults, clock, counters.</summary>
    public bool Control { get; init; }

    /// <summary>Messages per minute of one bot in one chat before 429; 0 = unlimited. Telegram is seen to allow about 20.</summary>
    public int MessagesPerMinute { get; init; }

    /// <summary>Frees a document's disk space once no message shows it. Telegram keeps such files reachable by file id for long.</summary>
    public bool ReclaimDeleted { get; init; }

    /// <summary>How far <see cref="BotApiServer.Clock"/> is ahead from the start; not negative.</summary>
    public TimeSpan ClockAhead { get; init; }

    /// <summary>The clock beneath <see cref="BotApiServer.Clock"/>.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
