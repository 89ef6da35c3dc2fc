namespace TgVault.BotApi;

/// <summary>How a stand-in is started. Every bot is an administrator of every channel until <see cref="Memberships"/> says otherwise.</summary>
public sealed record BotApiOptions
{
    /// <summary>Where documents and the log of messages lie; made where missing. One stand-in at a time uses it.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The loopback port; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Bot tokens, <c>digits:anything</c>.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    /// <summary>Channel ids, -100 and the channel's number.</summary>
    public required IReadOnlyList<long> Channels { get; init; }

    /// <summary>Whether <c>/control/</c> answers over HTTP; otherwise it is 404.</summary>
    public bool Control { get; init; }

    /// <summary>Messages a minute that one bot may send in one channel before it gets 429; 0 = no limit.</summary>
    public int MessagesPerMinute { get; init; }

    /// <summary>Whether a document stays readable by its file id after its last message was deleted, as it mostly does at Telegram. Otherwise the disk space comes back.</summary>
    public bool KeepDeletedDocuments { get; init; }

    /// <summary>The clock that <see cref="BotApiClock"/> starts from.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
