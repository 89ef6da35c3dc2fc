namespace TgVault.Core.Videos;

/// <summary>Why a video goes on only later. Names are stored: they may be added to, not changed.</summary>
public enum WaitCause
{
    /// <summary>What it waits for has no name of its own; the sentence says it.</summary>
    Other,

    /// <summary>For its upload, which has not arrived, or not completely.</summary>
    Upload,

    /// <summary>For a place: others are prepared or stored before it.</summary>
    Place,

    /// <summary>Telegram asks to wait.</summary>
    FloodWait,

    /// <summary>The vault's own pace of posting is used up for now.</summary>
    Pace,

    /// <summary>Telegram cannot be reached, or does not answer as it should.</summary>
    TelegramUnreachable,

    /// <summary>Telegram does not accept a bot's token.</summary>
    BotToken,

    /// <summary>A bot may not do in a channel what it has to.</summary>
    BotRights,

    /// <summary>The vault's storage does not work; a full disk, mostly.</summary>
    Storage,
}

/// <summary>That a video goes on only later.</summary>
/// <param name="Why">For programs, and for faces that have their own words.</param>
/// <param name="Since">Since when, as far as is known.</param>
/// <param name="Until">When it is tried again, or goes on; null where nobody knows.</param>
/// <param name="Detail">One sentence for a person: what is waited for, and what to do if that helps.</param>
public sealed record VideoWait(WaitCause Why, DateTimeOffset Since, DateTimeOffset? Until, string Detail)
{
    /// <summary>Of an upload: bytes that have arrived; null for other waits, and where nobody knows.</summary>
    public long? BytesDone { get; init; }

    /// <summary>Of a place: how many videos are before it.</summary>
    public int? Ahead { get; init; }
}
