using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using TgVault.Web.Http;

namespace TgVault.Web.OpenApi;

/// <summary>What the attributes of a record's field say, in the words of JSON Schema.</summary>
internal static class FieldRules
{
    public static void Apply(JsonObject schema, ICustomAttributeProvider field)
    {
        foreach (var attribute in field.GetCustomAttributes(inherit: false))
            Apply(schema, attribute);
    }

    static void Apply(JsonObject schema, object attribute)
    {
        switch (attribute)
        {
            case DescriptionAttribute description:
                schema["description"] = description.Description;
                break;
            case MaxLengthAttribute max:
                schema["maxLength"] = max.Length;
                break;
            case RangeAttribute range:
                schema["minimum"] = Convert.ToInt64(range.Minimum, null);
                break;
            case UrlAttribute:
                schema["format"] = "uri";
                break;
            case AllowedValuesAttribute { Values: [string only] }:
                schema["const"] = only;
                break;
            case ListOfAttribute list:
                Apply(schema, list);
                break;
        }
    }

    static void Apply(JsonObject schema, ListOfAttribute list)
    {
        schema["maxItems"] = list.MaxCount;
        var items = (JsonObject)schema["items"]!;
        if (list.MaxLength > 0)
            (items["minLength"], items["maxLength"]) = (1, list.MaxLength);
        if (list.IsUrl)
            items["format"] = "uri";
    }
}
