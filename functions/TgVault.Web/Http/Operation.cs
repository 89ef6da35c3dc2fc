using System.Collections.Immutable;
using System.Text.Json.Nodes;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Http;

/// <summary>
/// What the API's description says of a route, as far as a person has to say it. The path, the credentials and the answers that
/// follow from them come from the route, the schemas from the records.
/// </summary>
internal sealed record Operation(string Summary)
{
    public string? Description { get; init; }

    public ImmutableArray<Parameter> Parameters { get; init; } = [];

    public RequestContent? Body { get; init; }

    public ImmutableArray<Answer> Answers { get; init; } = [];

    /// <summary>Whether it does nothing but refuse; clients need not know of it.</summary>
    public bool OnlyRefuses => Answers.All(answer => answer.Status >= 400);
}

/// <summary>A value in the path or, where the route's pattern does not have it, in the query; or in a header.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Description">What it means.</param>
/// <param name="IsRequired">Whether a query must have it; a path always does.</param>
internal sealed record Parameter(string Name, string Description, bool IsRequired = false)
{
    /// <summary>A text unless said otherwise.</summary>
    public JsonObject Schema { get; init; } = new() { ["type"] = "string" };

    /// <summary>What it is read as, where a record or value type describes it.</summary>
    public Type? Type { get; init; }

    /// <summary>Whether it is the name of a header.</summary>
    public bool IsHeader { get; init; }
}

/// <summary>The body of a request: JSON of a record, or text of some media types.</summary>
internal sealed record RequestContent(ImmutableArray<string> MediaTypes, Type? Type, bool IsRequired, string? Description = null)
{
    public static RequestContent Json<T>(bool isRequired = true) => new(["application/json"], typeof(T), isRequired);

    public static RequestContent Text(string description, params ImmutableArray<string> mediaTypes) =>
        new(mediaTypes, null, IsRequired: true, description);
}

/// <summary>One way an operation may end.</summary>
internal sealed record Answer(int Status, string Description)
{
    /// <summary>Empty where there is no body.</summary>
    public ImmutableArray<string> MediaTypes { get; init; } = [];

    /// <summary>What the JSON is; null for other content.</summary>
    public Type? Type { get; init; }

    /// <summary>Headers to look at, with what they say; empty where the name tells it.</summary>
    public ImmutableArray<(string Name, string Description)> Headers { get; init; } = [];

    /// <summary>Of a problem: what it may be, for programs; empty elsewhere.</summary>
    public ImmutableArray<ProblemCode> Codes { get; init; } = [];

    public static Answer Json<T>(int status, string description) =>
        new(status, description) { MediaTypes = ["application/json"], Type = typeof(T) };

    /// <param name="codes">What it may be; without any, what its status says.</param>
    public static Answer Problem(int status, string description, params ImmutableArray<ProblemCode> codes) =>
        new(status, description)
        {
            MediaTypes = ["application/problem+json"],
            Type = typeof(ProblemView),
            Codes = codes.IsEmpty ? [ProblemCodes.Of(status)] : codes,
        };

    /// <summary>Server-sent events, each of which is one record.</summary>
    public static Answer Events<T>(string description) => new(200, description) { MediaTypes = ["text/event-stream"], Type = typeof(T) };

    public static Answer Of(int status, string description, params ImmutableArray<string> mediaTypes) =>
        new(status, description) { MediaTypes = mediaTypes };
}
