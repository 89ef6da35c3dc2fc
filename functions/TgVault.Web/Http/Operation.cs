using System.Collections.Immutable;
using System.Text.Json.Nodes;

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
}

/// <summary>A value in the path or, where the route's pattern does not have it, in the query.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Description">What it means.</param>
/// <param name="IsRequired">Whether a query must have it; a path always does.</param>
internal sealed record Parameter(string Name, string Description, bool IsRequired = false)
{
    /// <summary>A text unless said otherwise.</summary>
    public JsonObject Schema { get; init; } = new() { ["type"] = "string" };

    /// <summary>What it is read as, where a record or value type describes it.</summary>
    public Type? Type { get; init; }
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

    public static Answer Json<T>(int status, string description) =>
        new(status, description) { MediaTypes = ["application/json"], Type = typeof(T) };

    public static Answer Problem(int status, string description) =>
        new(status, description) { MediaTypes = ["application/problem+json"], Type = typeof(ProblemView) };

    public static Answer Of(int status, string description, params ImmutableArray<string> mediaTypes) =>
        new(status, description) { MediaTypes = mediaTypes };
}
