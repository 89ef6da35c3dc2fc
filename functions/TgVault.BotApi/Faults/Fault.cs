namespace TgVault.BotApi.Faults;

public enum FaultKind
{
    /// <summary>429 with <see cref="Fault.RetryAfter"/>.</summary>
    TooManyRequests,

    /// <summary>The same flood wait as a 400, with the seconds only in the text (tdlib/td#3003).</summary>
    TooManyRequestsAs400,
    InternalError,
    BadGatewayJson,
    BadGatewayHtml,

    /// <summary>The connection is cut before any answer, and nothing was done.</summary>
    Disconnect,

    /// <summary>The call is done, and then no answer comes until the client gives up or <see cref="Fault.Seconds"/> have passed; then 504.</summary>
    DoneThenTimeout,

    /// <summary>The answer comes <see cref="Fault.Seconds"/> late.</summary>
    Delay,

    /// <summary>400 "message to ... not found".</summary>
    MessageGone,

    /// <summary>getFile: 400 "wrong file_id or the file is temporarily unavailable".</summary>
    FileUnavailable,

    /// <summary>File route: 404, as for a link that died.</summary>
    LinkExpired,

    /// <summary>File route: the connection is cut after <see cref="Fault.Bytes"/> of the body (by default half).</summary>
    TruncatedBody,

    /// <summary>File route: no more bytes after <see cref="Fault.Bytes"/> until the client gives up or <see cref="Fault.Seconds"/> have passed.</summary>
    StalledBody,

    /// <summary>File route: one bit of the body is wrong, at <see cref="Fault.Bytes"/> (by default in its middle).</summary>
    FlippedBit,

    /// <summary>File route: 200 with the whole document.</summary>
    RangeIgnored,
}

/// <summary>One kind of failure, which calls it befalls, and how often.</summary>
public sealed record Fault(FaultKind Kind)
{
    /// <summary>The method's name; <c>file</c> = the file route; null = any.</summary>
    public string? Method { get; init; }

    public long? BotId { get; init; }

    public long? ChatId { get; init; }

    /// <summary>So many matching calls fail, then no more; null = as long as the fault stands.</summary>
    public int? Times { get; init; } = 1;

    /// <summary>Of the matching calls, this share fails.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>The wait that a flood answer asks for, in seconds.</summary>
    public int RetryAfter { get; init; } = 1;

    /// <summary>How long a delay or stall lasts.</summary>
    public double Seconds { get; init; } = 600;

    /// <summary>Where in the body it happens; null: the middle.</summary>
    public long? Bytes { get; init; }

    internal bool OnlyOnFiles => Kind is FaultKind.LinkExpired or FaultKind.TruncatedBody or FaultKind.StalledBody or FaultKind.FlippedBit or FaultKind.RangeIgnored;

    internal bool OnlyOnMethods => Kind is FaultKind.MessageGone or FaultKind.FileUnavailable or FaultKind.DoneThenTimeout;

    // Changes the answer rather than being one, so that others may befall the same call.
    internal bool GoesOn => Kind is FaultKind.Delay or FaultKind.FlippedBit or FaultKind.RangeIgnored;
}
