using TgVault.Cli.Chaos.Model;

namespace TgVault.Cli.Chaos.Victims;

/// <summary>A fault of the stand-in by dice: every kind that it has, where none of them is a real loss.</summary>
static class StormFault
{
    static readonly string?[] Calls =
    [
        null,
        "sendDocument",
        "getFile",
        "file",
        "deleteMessage",
        "pinChatMessage",
        "unpinChatMessage",
        "forwardMessage",
        "getChat",
    ];

    static readonly (string Kind, string?[] Methods)[] Kinds =
    [
        ("tooManyRequests", Calls),
        ("tooManyRequestsAs400", [null, "sendDocument", "getFile", "deleteMessage", "pinChatMessage", "forwardMessage"]),
        ("serverError", Calls),
        ("badGateway", Calls),
        ("badGatewayHtml", Calls),
        ("tooLargeHtml", ["sendDocument", "file"]),
        ("delay", Calls),
        ("storedThenTimeout", ["sendDocument", "getFile", "file", "deleteMessage", "pinChatMessage", "forwardMessage"]),
        ("truncatedBody", Calls),
        ("flippedBit", ["file"]),
        ("rangeIgnored", ["file"]),
        // Not of deleteMessage: a vault that is told so has no reason to delete what is there.
        ("messageGone", ["getFile", "forwardMessage", "pinChatMessage", "sendDocument"]),
        ("linkExpired", ["file"]),
    ];

    /// <summary>What it is counted as, and what /control/faults takes.</summary>
    public static (string Name, object Fault) Roll(Dice dice)
    {
        var (kind, methods) = dice.Of(Kinds);
        var method = dice.Of(methods);
        var (times, often, wait, delay) = (dice.From(1, 6), dice.Chance(0.5), dice.From(1, 3), dice.Seconds(0.2, 12));
        return (
            $"{kind} of {method ?? "any call"}",
            new
            {
                kind,
                method,
                // Those that end an ingest for good strike once: what follows is a retry by a person.
                // A bit that flips at each look is no fault of the way any more: what is stored then does not open.
                times = kind switch
                {
                    "tooLargeHtml" or "messageGone" => Math.Min(times, 2),
                    "flippedBit" => 1,
                    _ => times,
                },
                probability = often ? 1 : 0.3,
                seed = (int)dice.Below(int.MaxValue),
                retryAfterSeconds = wait,
                delaySeconds = kind == "delay" ? delay.TotalSeconds / 3 : delay.TotalSeconds,
            }
        );
    }
}
