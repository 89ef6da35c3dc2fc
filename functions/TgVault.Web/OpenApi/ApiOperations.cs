using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using TgVault.Core;
using TgVault.Core.ApiKeys;
using TgVault.Web.Http;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.OpenApi;

/// <summary>
/// Routes as operations of OpenAPI: what a person said of them, and what follows from their kind, access and pattern. Preflights
/// are not told: browsers know by themselves.
/// </summary>
internal sealed class ApiOperations(ApiSchemas schemas, IReadOnlyDictionary<Type, object> examples)
{
    public const string ApiKey = "apiKey";
    public const string Bearer = "bearer";
    public const string Basic = "basic";
    public const string Link = "link";
    public const string UploadUrl = "uploadUrl";

    static readonly Parameter Range = new("Range", "One byte range (RFC 9110 §14). Several at once are answered with the whole file.");

    // What a name in a path always means.
    static readonly Dictionary<string, Parameter> InPaths = new(StringComparer.Ordinal)
    {
        ["id"] = new("id", "The video's id.") { Type = typeof(VideoId) },
        ["link"] = new("link", "A link's token."),
        ["language"] = new("language", "A language tag (BCP 47), such as en, de-AT or zh-Hant.")
        {
            Schema = new() { ["type"] = "string", ["maxLength"] = 35 },
        },
    };

    /// <summary>One operation for each method of the route.</summary>
    public IEnumerable<KeyValuePair<string, JsonNode?>> Of(VaultRoute route)
    {
        foreach (var method in route.Methods.Where(method => method is not ("OPTIONS" or "PROPFIND")))
            yield return new(method.ToLowerInvariant(), method == "HEAD" ? Head(route) : Write(route, route.Name, route.About));
    }

    JsonObject Head(VaultRoute route)
    {
        var (about, isPlaying) = (route.About, route.Kind == RouteKind.Playing);
        return Write(
            route,
            route.Name + "Head",
            about with
            {
                Summary = isPlaying ? "Its headers" : about.Summary,
                Answers =
                    isPlaying ? [.. about.Answers.Where(HasHead).Select(HeadOf)]
                    : about.Answers.Any(answer => answer.Status == 200) ? [new Answer(200, "Headers only.")]
                    : [.. about.Answers.Select(answer => answer with { MediaTypes = [], Type = null })],
            },
            isHead: true
        );

        // Ranges are of GET.
        static bool HasHead(Answer answer) => answer.Status is not (206 or 416);

        static Answer HeadOf(Answer answer) =>
            answer.Status == 200
                ? answer with
                {
                    Description = "The headers of the whole file; a Range header is ignored.",
                    MediaTypes = [],
                }
                : answer;
    }

    JsonObject Write(VaultRoute route, string id, Operation about, bool isHead = false)
    {
        var operation = new JsonObject
        {
            ["operationId"] = id,
            ["summary"] = about.Summary,
            ["description"] = about.Description is { } description ? $"{description}\n\n{WhoMay(route)}" : WhoMay(route),
            ["tags"] = new JsonArray(route.Tag),
        };
        operation["security"] = SecurityOf(route.Access);
        var parameters = new JsonArray([.. ParametersOf(route, isHead)]);
        if (parameters.Count > 0)
            operation["parameters"] = parameters;
        if (about.Body is { } body)
            operation["requestBody"] = Write(body);
        var answers = about
            .Answers.Concat(AnswersOf(route))
            .GroupBy(answer => answer.Status)
            // What a person said of a status goes before what follows from the route; it may be either.
            .Select(same => same.First() with { Codes = [.. same.SelectMany(answer => answer.Codes).Distinct()] })
            .OrderBy(answer => answer.Status);
        operation["responses"] = new JsonObject(
            answers.Select(answer => KeyValuePair.Create($"{answer.Status}", (JsonNode?)Write(answer)))
        );
        return operation;
    }

    static string WhoMay(VaultRoute route)
    {
        var scopes = route
            .Scopes.Where(scope => scope != KeyScope.All)
            .Select(scope => $"`{scope.ToString().ToLowerInvariant()}`")
            .ToList();
        var named =
            route.Scopes.IsEmpty ? "The vault's own API key alone may do this."
            : scopes.Count == 0 ? "Takes the vault's own API key, or a named one for everything."
            : $"Takes the vault's own API key, or a named one for everything or for {string.Join(" or ", scopes)}.";
        return route.Access switch
        {
            Access.ApiKey => named,
            Access.NamedKey => $"{named} The password of basic authentication may be a named key, too.",
            Access.LinkOrApiKey => $"{named} A link to the video is as good.",
            Access.Link => "The link in the path is the permission.",
            Access.UploadUrl => "The signature in the URL is the permission.",
            Access.Ticket => "The ticket in the path is the permission.",
            _ => "Needs no key.",
        };
    }

    static JsonArray SecurityOf(Access access)
    {
        string[] names = access switch
        {
            Access.ApiKey => [ApiKey, Bearer],
            Access.NamedKey => [ApiKey, Bearer, Basic],
            Access.LinkOrApiKey => [ApiKey, Bearer, Link],
            Access.UploadUrl => [UploadUrl],
            _ => [],
        };
        return [.. names.Select(name => new JsonObject { [name] = new JsonArray() })];
    }

    IEnumerable<JsonObject> ParametersOf(VaultRoute route, bool isHead)
    {
        var said = route.About.Parameters;
        var inPath = route.Pattern.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}', '*')).ToArray();
        foreach (var name in inPath)
            yield return Write(said.FirstOrDefault(parameter => parameter.Name == name) ?? InPaths[name], "path");
        foreach (var parameter in said.Where(parameter => !inPath.Contains(parameter.Name)))
            yield return Write(parameter, parameter.IsHeader ? "header" : "query");
        if (route.Access == Access.LinkOrApiKey)
            yield return Write(new Parameter(Link, "A link's token, where no API key is sent."), "query");
        if (route.Kind == RouteKind.Playing && !isHead)
            yield return Write(Range, "header");
    }

    JsonObject Write(Parameter parameter, string place) =>
        new()
        {
            ["name"] = parameter.Name,
            ["in"] = place,
            ["required"] = place == "path" || parameter.IsRequired,
            ["description"] = parameter.Description,
            ["schema"] = parameter.Type is { } type ? schemas.Of(type) : parameter.Schema.DeepClone(),
        };

    JsonObject Write(RequestContent body)
    {
        var written = new JsonObject { ["required"] = body.IsRequired };
        if (body.Description is { } description)
            written["description"] = description;
        written["content"] = ContentOf(body.MediaTypes, body.Type);
        return written;
    }

    /// <summary>What follows from what the request must bring, and from its having a JSON body.</summary>
    static IEnumerable<Answer> AnswersOf(VaultRoute route)
    {
        yield return Answer.Problem(421, "The request names a host that is not this vault's.");
        if (route.Kind == RouteKind.Managing)
            yield return Answer.Problem(400, "The query has a parameter that there is not.", ProblemCode.UnknownParameter);
        if (route.About.Parameters.Any(parameter => parameter.IsRequired))
            yield return Answer.Problem(400, "A parameter is missing or at fault; the answer names it.");
        if (
            route.Access is Access.ApiKey or Access.NamedKey or Access.LinkOrApiKey
            && route.Scopes.Length < Enum.GetValues<KeyScope>().Length
        )
            yield return Answer.Problem(403, "The named API key is not for this.", ProblemCode.ScopeTooSmall);
        if (route.Access is Access.ApiKey or Access.NamedKey or Access.LinkOrApiKey)
            yield return Answer.Problem(401, "The API key is missing or wrong.");
        if (route.Access is Access.Link or Access.LinkOrApiKey)
        {
            yield return Answer.Problem(
                403,
                "The link is not valid, or not for this, or not for the site that asks.",
                ProblemCode.InvalidLink,
                ProblemCode.Forbidden,
                ProblemCode.OtherSite
            );
            yield return Answer.Problem(410, "The link has expired, or was revoked.", ProblemCode.LinkExpired, ProblemCode.LinkRevoked);
        }

        if (route.About.Body is { Type: not null })
        {
            yield return Answer.Problem(
                400,
                "Fields are at fault; `errors` says which and why.",
                ProblemCode.InvalidFields,
                ProblemCode.BadRequest
            );
            yield return Answer.Problem(413, "The body is larger than 64 KiB.");
            yield return Answer.Problem(415, "The body is not JSON.");
        }
    }

    JsonObject Write(Answer answer)
    {
        var written = new JsonObject { ["description"] = DescriptionOf(answer) };
        if (!answer.MediaTypes.IsEmpty)
            written["content"] = ContentOf(answer.MediaTypes, answer.Type);
        if (!answer.Codes.IsEmpty && written["content"] is JsonObject content)
            ((JsonObject)content.First().Value!)["example"] = ExampleOf(answer);
        if (!answer.Headers.IsEmpty)
            written["headers"] = new JsonObject(answer.Headers.Select(Write));
        return written;
    }

    static string DescriptionOf(Answer answer)
    {
        var codes = string.Join(", ", answer.Codes.Select(code => $"`{Word(code)}`"));
        return answer.Codes.Length switch
        {
            0 => answer.Description,
            1 => $"{answer.Description} Code: {codes}.",
            _ => $"{answer.Description} Codes: {codes}.",
        };
    }

    static JsonNode? ExampleOf(Answer problem) =>
        JsonSerializer.SerializeToNode(
            new ProblemView(
                "about:blank",
                ReasonPhrases.GetReasonPhrase(problem.Status),
                problem.Status,
                problem.Codes[0],
                problem.Description,
                "5f0c2b7d5a1e4c63",
                null
            ),
            VaultJson.Options
        );

    static string Word(ProblemCode code) => JsonNamingPolicy.CamelCase.ConvertName(code.ToString());

    static KeyValuePair<string, JsonNode?> Write((string Name, string Description) header)
    {
        var written = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } };
        if (header.Description.Length > 0)
            written["description"] = header.Description;
        return new(header.Name, written);
    }

    JsonObject ContentOf(ImmutableArray<string> mediaTypes, Type? type) =>
        new(mediaTypes.Select(mediaType => KeyValuePair.Create(mediaType, (JsonNode?)ContentOf(mediaType, type))));

    JsonObject ContentOf(string mediaType, Type? type)
    {
        var content = new JsonObject { ["schema"] = type is null ? Text(mediaType) : SchemaOf(type) };
        if (type is not null && examples.TryGetValue(type, out var example))
            content["example"] = JsonSerializer.SerializeToNode(example, type, VaultJson.Options);
        return content;
    }

    JsonNode SchemaOf(Type type) => type == typeof(object) ? new JsonObject { ["type"] = "object" } : schemas.Of(type);

    static JsonObject Text(string mediaType)
    {
        var schema = new JsonObject { ["type"] = "string" };
        if (mediaType.Split('/')[0] is "video" or "audio" or "image")
            schema["format"] = "binary";
        return schema;
    }
}
