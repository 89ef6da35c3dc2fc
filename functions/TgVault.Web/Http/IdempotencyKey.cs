using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using TgVault.Core.Requests;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Http;

/// <summary>
/// What makes it safe to send a request once more that may have been carried out already (draft-ietf-httpapi-idempotency-key-header-07):
/// a text that the client makes up, as a string of structured fields (RFC 9651 §3.3.3), or without its quotes, as many clients send it.
/// </summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";
    public const int MaxLength = 255;

    /// <summary>The key of a request; both null where it has none.</summary>
    public static (string? Key, Problem? Problem) Of(HttpRequest request)
    {
        var given = request.Headers[Header];
        if (given.Count == 0)
            return (null, null);
        return given.Count == 1 && Read(given[0]!.Trim()) is { Length: > 0 and <= MaxLength } key
            ? (key, null)
            : (
                null,
                new Problem(
                    StatusCodes.Status400BadRequest,
                    $"{Header} must be one text of 1 to {MaxLength} printable ASCII characters, such as a UUID in quotes."
                )
            );
    }

    /// <summary>
    /// Claims a key for what a request is going to make: gives the claim, or else the answer, which is that of the first request with the
    /// key, or why there is none.
    /// </summary>
    /// <param name="requests">The keys.</param>
    /// <param name="operation">What is done: each has keys of its own.</param>
    /// <param name="key">The client's.</param>
    /// <param name="content">What the request says.</param>
    /// <param name="id">What it is going to make.</param>
    /// <param name="answerAgain">Answers with what the first request made, by its id; null where that is not there.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<(RequestClaim? Claim, IResult? Answer)> ClaimAsync(
        RequestKeys requests,
        string operation,
        string key,
        string content,
        string id,
        Func<string, Task<IResult?>> answerAgain,
        CancellationToken cancellationToken
    )
    {
        if (await requests.ClaimAsync(operation, key, content, id, cancellationToken) is not { } claim)
            return (null, Reused);
        if (claim.IsMine)
            return (claim, null);
        if (await answerAgain(claim.Id) is { } answer)
            return (null, answer);
        return await requests.TryTakeOverAsync(claim, id, cancellationToken) is { } taken ? (taken, null) : (null, InUse);
    }

    /// <summary>What the API's description says of it.</summary>
    public static Parameter Told { get; } =
        new(
            Header,
            "Makes it safe to send the request again: a UUID, say. For a day, the same key with the same body is answered with what was "
                + "made the first time."
        )
        {
            IsHeader = true,
            Schema = new() { ["type"] = "string", ["maxLength"] = MaxLength + 2 },
        };

    /// <summary>How else a request may end that takes one.</summary>
    public static ImmutableArray<Answer> Answers { get; } =
    [
        Answer.Problem(409, "A request with this key is under way, or what it made is gone.", ProblemCode.IdempotencyKeyInUse),
        Answer.Problem(422, "The key was used for another request.", ProblemCode.IdempotencyKeyReused),
    ];

    /// <summary>The request was carried out before, as another one.</summary>
    static Problem Reused { get; } =
        new(
            StatusCodes.Status422UnprocessableEntity,
            $"This {Header} was used for a request that said something else. Take a new one for each thing that is wanted."
        )
        {
            Code = ProblemCode.IdempotencyKeyReused,
        };

    /// <summary>The request was begun before, and what it made is not there.</summary>
    static Problem InUse { get; } =
        new(
            StatusCodes.Status409Conflict,
            $"A request with this {Header} is under way, or what it made was removed since. Ask again in a second; if that does not "
                + "help, take a new key."
        )
        {
            Code = ProblemCode.IdempotencyKeyInUse,
            RetryAfter = TimeSpan.FromSeconds(1),
        };

    static string? Read(string given)
    {
        if (given.Any(c => c is < ' ' or > '~'))
            return null;
        if (!given.StartsWith('"'))
            return given.Contains('"', StringComparison.Ordinal) ? null : given;
        if (given.Length < 2 || !given.EndsWith('"'))
            return null;
        var text = new System.Text.StringBuilder();
        for (var i = 1; i < given.Length - 1; i++)
        {
            if (given[i] == '"')
                return null;
            // Only these two are escaped; a backslash that ends the text would escape the closing quote.
            if (given[i] == '\\' && (++i == given.Length - 1 || given[i] is not ('"' or '\\')))
                return null;
            text.Append(given[i]);
        }

        return text.ToString();
    }
}
