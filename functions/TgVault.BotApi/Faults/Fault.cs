namespace TgVault.BotApi.Faults;

/// <summary>What goes wrong.</summary>
public enum FaultKind
{
    /// <summary>429 with retry_after.</summary>
    TooManyRequests,

    /// <summary>The same condition as code 400, told only by its text (tdlib/td#3003).</summary>
    TooManyRequestsAs400,

    /// <summary>500 "restart".</summary>
    ServerError,

    /// <summary>502 as JSON.</summary>
    BadGateway,

    /// <summary>502 as a proxy's HTML page.</summary>
    BadGatewayHtml,

    /// <summary>413 as a proxy's HTML page.</summary>
    TooLargeHtml,

    /// <summary>The answer comes later by <see cref="Fault.DelaySeconds"/>.</summary>
    Delay,

    /// <summary>The call is carried out, but no answer comes: the connection is cut after <see cref="Fault.DelaySeconds"/> (600 where
    /// 0).</summary>
    StoredThenTimeout,

    /// <summary>The answer's body ends early, at <see cref="Fault.AtByte"/> or half-way, and the connection is cut.</summary>
    TruncatedBody,

    /// <summary>File GETs: one bit of the byte at <see cref="Fault.AtByte"/> of the document (or of the middle of what was asked for) is
    /// wrong.</summary>
    FlippedBit,

    /// <summary>File GETs: answered by 200 and the whole document.</summary>
    RangeIgnored,

    /// <summary>The message, or the file id, is not known any more.</summary>
    MessageGone,

    /// <summary>File GETs: the link has ended; 404 until getFile gives another.</summary>
    LinkExpired,
}

/// <summary>A fault on demand: which calls it strikes, how often, and how.</summary>
public sealed record Fault
{
    /// <summary>The <see cref="Method"/> of file GETs.</summary>
    public const string FileGet = "file";

    public required FaultKind Kind { get; init; }

    /// <summary>A method's name, <see cref="FileGet"/>, or null for all.</summary>
    public string? Method { get; init; }

    /// <summary>Only calls of this bot; null = any.</summary>
    public long? Bot { get; init; }

    /// <summary>Only calls that name this chat; null = any.</summary>
    public long? Chat { get; init; }

    /// <summary>How many calls it strikes before it is over; null = until cleared.</summary>
    public int? Times { get; init; }

    /// <summary>0 to 1: the chance that it strikes a call it could.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Where its random numbers begin.</summary>
    public int Seed { get; init; }

    /// <summary>For 429 in both shapes.</summary>
    public int RetryAfterSeconds { get; init; } = 1;

    /// <summary>For delays and time-outs.</summary>
    public double DelaySeconds { get; init; }

    /// <summary>For cut bodies (bytes that still come) and flipped bits (offset in the document).</summary>
    public long? AtByte { get; init; }
}
