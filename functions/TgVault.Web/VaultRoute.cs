using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TgVault.Web.Telemetry;

namespace TgVault.Web;

/// <summary>What a request must bring.</summary>
public enum Access
{
    None,

    /// <summary>The API key, as <c>X-Api-Key</c> or bearer token.</summary>
    ApiKey,

    /// <summary>A link in the path.</summary>
    Link,

    /// <summary>The API key, or a link as query parameter <c>link</c>.</summary>
    LinkOrApiKey,
}

/// <summary>One thing the vault answers. Hosts bind it to its methods and pattern and call <see cref="RunAsync"/>; they need to know no more.</summary>
/// <param name="Name">What the caller wants; unique.</param>
/// <param name="Methods">HTTP methods.</param>
/// <param name="Pattern">The path without a leading slash; parameters are read from the request's route values.</param>
/// <param name="Access">What the request must bring.</param>
/// <param name="Answer">Gives the result to execute.</param>
public sealed record VaultRoute(
    string Name,
    ImmutableArray<string> Methods,
    string Pattern,
    Access Access,
    Func<HttpContext, Task<IResult>> Answer
)
{
    /// <summary>Checks access, answers, and turns what goes wrong into a problem or, once a body is under way, a cut connection. Does not throw.</summary>
    public Task RunAsync(HttpContext context) =>
        RequestTrace.IsListenedTo ? RequestTrace.RunAsync(this, context, AnswerAsync) : AnswerAsync(context);

    Task AnswerAsync(HttpContext context) =>
        ProblemBoundary.RunAsync(
            context,
            async inner =>
            {
                var gate = inner.RequestServices.GetRequiredService<Gate>();
                var result = await gate.RefuseAsync(inner, Access) ?? await Answer(inner);
                await result.ExecuteAsync(inner);
            }
        );
}
