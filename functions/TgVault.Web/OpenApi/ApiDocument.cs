using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using TgVault.Web.Http;

namespace TgVault.Web.OpenApi;

/// <summary>The API's description (OpenAPI 3.1), written from the table of routes when it is first asked for.</summary>
internal sealed class ApiDocument
{
    const string Description = """
        A private video library: uploads go to a URL of their own, are kept encrypted in Telegram channels, and play as ordinary web
        video. Sizes are in bytes, times in UTC. Fields without a value are left out. A query parameter or field that an address does not
        know is refused.

        **Errors** are problem details (RFC 9457). `detail` is a sentence for a person, `code` a word for programs that stays the same.
        Every answer has a header `X-Request-Id`, every problem the same in `requestId`; the vault's log names it where the vault failed.

        **One video** is answered with an `ETag`. Whoever changes it may send that as `If-Match` and is refused with 412 where the video
        has changed since; `If-None-Match` saves asking for what is known already.

        **A request that may be sent twice**, since its answer was lost, takes an `Idempotency-Key`: for a day the same key and body are
        answered with what was made the first time.

        **Lists** have a `continuation` as long as there is more; give it to get the next page.
        """;

    // Nothing that is described holds it.
    const string ServerPath = "{server}";

    readonly Lazy<string> _json;
    Served _last = new("", []);

    /// <param name="routes">All of them.</param>
    /// <param name="examples">By the type that a body is written or read as.</param>
    public ApiDocument(ImmutableArray<VaultRoute> routes, IReadOnlyDictionary<Type, object> examples) =>
        _json = new Lazy<string>(() =>
            Write([.. routes.Where(route => !route.About.OnlyRefuses)], examples).ToJsonString(VaultJson.Options)
        );

    /// <summary>In UTF-8.</summary>
    /// <param name="serverPath">Where the vault is below the document's host, from the slash on.</param>
    public byte[] JsonFor(string serverPath)
    {
        var last = _last;
        if (last.Path != serverPath)
        {
            var path = JsonEncodedText.Encode(serverPath).Value;
            _last = last = new Served(serverPath, Encoding.UTF8.GetBytes(_json.Value.Replace(ServerPath, path, StringComparison.Ordinal)));
        }

        return last.Json;
    }

    /// <summary>Of the program, as in <c>0.1.0</c>.</summary>
    public static string Version { get; } =
        typeof(ApiDocument).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    static JsonObject Write(ImmutableArray<VaultRoute> routes, IReadOnlyDictionary<Type, object> examples)
    {
        var schemas = new ApiSchemas();
        var operations = new ApiOperations(schemas, examples);
        var paths = new JsonObject();
        foreach (var same in routes.GroupBy(route => route.Pattern, StringComparer.Ordinal))
            paths[$"/{same.Key.Replace("{**", "{", StringComparison.Ordinal)}"] = new JsonObject(same.SelectMany(operations.Of));
        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "TgVault",
                ["version"] = Version,
                ["summary"] = "A private video library, encrypted, in Telegram channels.",
                ["description"] = Description,
                ["contact"] = new JsonObject { ["name"] = "Whoever runs this vault" },
                // SPDX has no name for what is nobody else's.
                ["license"] = new JsonObject { ["name"] = "For the owner of this vault", ["identifier"] = "LicenseRef-Private" },
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = ServerPath, ["description"] = "This vault." }),
            ["tags"] = ApiTags.Of(routes.Select(route => route.Tag)),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject
                {
                    [ApiOperations.ApiKey] = Key(
                        "header",
                        "X-Api-Key",
                        "The vault's own API key, or a named one of a scope that is enough."
                    ),
                    [ApiOperations.Bearer] = Scheme("bearer", "The same key as a bearer token."),
                    [ApiOperations.Basic] = Scheme("basic", "A named API key as the password, with any user name: for apps on a TV."),
                    [ApiOperations.Link] = Key("query", "link", "A link's token."),
                    [ApiOperations.UploadUrl] = Key("query", "sig", "The signature of an upload URL, which is used as it was given."),
                },
                ["schemas"] = schemas.ToComponents(),
            },
        };
    }

    static JsonObject Key(string place, string name, string description) =>
        new()
        {
            ["type"] = "apiKey",
            ["in"] = place,
            ["name"] = name,
            ["description"] = description,
        };

    static JsonObject Scheme(string scheme, string description) =>
        new()
        {
            ["type"] = "http",
            ["scheme"] = scheme,
            ["description"] = description,
        };

    sealed record Served(string Path, byte[] Json);
}
