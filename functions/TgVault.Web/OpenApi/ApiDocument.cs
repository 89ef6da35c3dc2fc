using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json.Nodes;
using TgVault.Web.Http;

namespace TgVault.Web.OpenApi;

/// <summary>The API's description (OpenAPI 3.1), written from the table of routes when it is first asked for.</summary>
internal sealed class ApiDocument
{
    const string Description =
        "A private video library: uploads go to a URL of their own, are kept encrypted in Telegram channels, and play as ordinary web "
        + "video. Errors are RFC 9457 problem details. Sizes are in bytes, times in UTC. Fields without a value are left out.";

    readonly Lazy<byte[]> _json;

    public ApiDocument(ImmutableArray<VaultRoute> routes) => _json = new Lazy<byte[]>(() => VaultJson.Serialize(Write(routes)));

    /// <summary>UTF-8.</summary>
    public byte[] Json => _json.Value;

    /// <summary>Of the program, as in <c>0.1.0</c>.</summary>
    public static string Version { get; } =
        typeof(ApiDocument).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    static JsonObject Write(ImmutableArray<VaultRoute> routes)
    {
        var schemas = new ApiSchemas();
        var operations = new ApiOperations(schemas);
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
                ["description"] = Description,
            },
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject
                {
                    [ApiOperations.ApiKey] = Key("header", "X-Api-Key"),
                    [ApiOperations.Bearer] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
                    [ApiOperations.Basic] = new JsonObject { ["type"] = "http", ["scheme"] = "basic" },
                    [ApiOperations.Link] = Key("query", "link"),
                    [ApiOperations.UploadUrl] = Key("query", "sig"),
                },
                ["schemas"] = schemas.ToComponents(),
            },
        };
    }

    static JsonObject Key(string place, string name) =>
        new()
        {
            ["type"] = "apiKey",
            ["in"] = place,
            ["name"] = name,
        };
}
