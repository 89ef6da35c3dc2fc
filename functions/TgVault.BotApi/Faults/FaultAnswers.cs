using TgVault.BotApi.Wire;

namespace TgVault.BotApi.Faults;

/// <summary>Turns the faults that befell a call into waits and errors.</summary>
static class FaultAnswers
{
    /// <summary>Waits where a delay is due, then throws where an error is.</summary>
    /// <exception cref="BotApiException">The fault's answer.</exception>
    /// <exception cref="OperationCanceledException">The connection was cut.</exception>
    public static async Task ThrowAsync(HttpContext context, IReadOnlyList<Fault> taken, string method, CancellationToken cancellationToken)
    {
        foreach (var fault in taken)
        {
            switch (fault.Kind)
            {
                case FaultKind.Delay:
                    await Task.Delay(TimeSpan.FromSeconds(fault.Seconds), cancellationToken);
                    break;
                case FaultKind.Disconnect:
                    context.Abort();
                    throw new OperationCanceledException("The connection is cut on demand.");
                default:
                    if (Error(fault, method) is { } error) throw error;
                    break;
            }
        }
    }

    static BotApiException? Error(Fault fault, string method) => fault.Kind switch
    {
        FaultKind.TooManyRequests => BotApiException.TooManyRequests(fault.RetryAfter),
        FaultKind.TooManyRequestsAs400 => BotApiException.BadRequest($"too Many Requests: retry after {fault.RetryAfter}"),
        FaultKind.InternalError => new BotApiException(500, "Internal Server Error: restart"),
        FaultKind.BadGatewayJson => new BotApiException(502, "Bad Gateway"),
        FaultKind.BadGatewayHtml => new BotApiException(502, "Bad Gateway") { Html = true },
        FaultKind.MessageGone => BotApiException.BadRequest($"message to {Verb(method)} not found"),
        FaultKind.FileUnavailable => BotApiException.BadRequest("wrong file_id or the file is temporarily unavailable"),
        FaultKind.LinkExpired => BotApiException.NotFound(),
        _ => null,
    };

    static string Verb(string method) => method.ToUpperInvariant() switch
    {
        "FORWARDMESSAGE" => "forward",
        "COPYMESSAGE" => "copy",
        "PINCHATMESSAGE" => "pin",
        "UNPINCHATMESSAGE" => "unpin",
        "EDITMESSAGEMEDIA" => "edit",
        _ => "delete",
    };
}
