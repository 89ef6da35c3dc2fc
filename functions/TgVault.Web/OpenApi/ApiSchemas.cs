using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using TgVault.Core;
using TgVault.Core.ApiKeys;
using TgVault.Core.Links;
using TgVault.Core.Videos;
using TgVault.Web.Http;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.OpenApi;

/// <summary>
/// The schemas of what the API reads and writes, made from the records by the options that write them: so a field cannot be in one
/// and not in the other. Records of this assembly become components under their names, others stand where they are used.
/// </summary>
internal sealed class ApiSchemas
{
    public const string VideoIdPattern = "^[0-7][0-9a-hjkmnp-tv-z]{25}$";

    const string Prefix = "#/components/schemas/";

    // Names that clients know; what the types of the core are called is no concern of theirs.
    static readonly Dictionary<Type, string> CoreNames = new()
    {
        [typeof(VideoId)] = "VideoId",
        [typeof(VideoStatus)] = "Status",
        [typeof(IngestStage)] = "Stage",
        [typeof(MediaSummary)] = "Media",
        [typeof(ProblemCode)] = nameof(ProblemCode),
        [typeof(MediaAction)] = nameof(MediaAction),
        [typeof(WaitCause)] = nameof(WaitCause),
        [typeof(LinkKind)] = nameof(LinkKind),
        [typeof(KeyScope)] = nameof(KeyScope),
    };

    readonly SortedDictionary<string, JsonNode?> _components = new(StringComparer.Ordinal);

    /// <summary>A reference to the type's component, or the schema itself where the type has none.</summary>
    public JsonNode Of(Type type)
    {
        if (NameOf(type) is not { } name)
            return Write(type);
        if (_components.TryAdd(name, null))
            _components[name] = Write(type);
        return new JsonObject { ["$ref"] = Prefix + name };
    }

    /// <summary>All that were referred to, by name.</summary>
    public JsonObject ToComponents() => new(_components.Select(one => KeyValuePair.Create(one.Key, one.Value?.DeepClone())));

    static string? NameOf(Type type)
    {
        const string view = "View";
        if (CoreNames.TryGetValue(type, out var name))
            return name;
        if (type.Assembly != typeof(ApiSchemas).Assembly || type.IsEnum)
            return null;
        return type.Name.EndsWith(view, StringComparison.Ordinal) ? type.Name[..^view.Length] : type.Name;
    }

    JsonNode Write(Type type) =>
        type == typeof(VideoId)
            ? new JsonObject
            {
                ["type"] = "string",
                ["pattern"] = VideoIdPattern,
                ["description"] = "Ids sort newest first.",
            }
            : VaultJson.Options.GetJsonSchemaAsNode(
                type,
                new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform }
            );

    JsonObject Transform(JsonSchemaExporterContext context, JsonNode node)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        var isRoot = context.Path.IsEmpty;
        var schema = !isRoot && NameOf(type) is not null ? (JsonObject)Of(type) : node as JsonObject ?? [];
        // What has no value is left out, so nothing is ever null.
        if (schema["type"] is JsonArray types)
            schema["type"] = types.Select(one => (string?)one).Single(one => one != "null");
        if (schema["enum"] is JsonArray words)
        {
            schema["enum"] = new JsonArray([.. words.Where(word => word is not null).Select(word => word!.DeepClone())]);
            schema["type"] = "string";
        }

        // Written by a converter, of which the exporter knows nothing.
        if (type == typeof(DateTimeOffset))
            (schema["type"], schema["format"]) = ("string", "date-time");
        if (type == typeof(long))
            schema["format"] = "int64";
        if (context.TypeInfo.Kind == JsonTypeInfoKind.Object && schema["properties"] is JsonObject properties)
            Require(context.TypeInfo, schema, properties);
        if (context.PropertyInfo is { AssociatedParameter.AttributeProvider: { } attributes })
            FieldRules.Apply(schema, attributes);
        return schema;
    }

    static void Require(JsonTypeInfo type, JsonObject schema, JsonObject written)
    {
        var names = type
            .Properties.Where(property => !property.IsGetNullable && written.ContainsKey(property.Name))
            .Select(property => JsonValue.Create(property.Name));
        schema.Remove("required");
        if (names.ToArray() is { Length: > 0 } required)
            schema["required"] = new JsonArray([.. required]);
    }
}
