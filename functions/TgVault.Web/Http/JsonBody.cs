using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Http;

/// <summary>
/// A request's JSON object, read field by field; what is wrong with each is collected, so that one answer tells all of it. At most
/// <see cref="MaxBytes"/> long.
/// </summary>
internal sealed class JsonBody
{
    public const int MaxBytes = 64 * 1024;

    readonly SortedDictionary<string, string> _errors = new(StringComparer.Ordinal);
    readonly Dictionary<string, JsonElement> _fields = new(StringComparer.Ordinal);

    JsonBody(JsonElement root, FrozenSet<string> known)
    {
        foreach (var field in root.EnumerateObject())
        {
            if (!known.Contains(field.Name))
                _errors[field.Name] = "is not a field of this request";
            else if (field.Value.ValueKind != JsonValueKind.Null)
                _fields[field.Name] = field.Value;
        }
    }

    /// <summary>The problem with the fields read so far; null where there is none.</summary>
    public Problem? Problem =>
        _errors.Count == 0
            ? null
            : new Problem(
                StatusCodes.Status400BadRequest,
                $"Correct these fields: {string.Join("; ", _errors.Select(error => $"{error.Key} {error.Value}"))}.",
                _errors
            );

    /// <summary>Reads the body; an empty one counts as an object without fields.</summary>
    /// <typeparam name="T">Names the fields that there may be; what each may hold is told to whom reads them.</typeparam>
    public static async Task<(JsonBody? Body, Problem? Problem)> ReadAsync<T>(HttpContext context)
    {
        if (await BoundedBody.ReadAsync(context.Request, MaxBytes, context.RequestAborted) is not { } bytes)
            return (null, new Problem(StatusCodes.Status413PayloadTooLarge, "The request's body is larger than 64 KiB."));
        if (!bytes.IsEmpty && !context.Request.HasJsonContentType())
            return (null, new Problem(StatusCodes.Status415UnsupportedMediaType, "Send the body as application/json."));
        try
        {
            using var document = JsonDocument.Parse(bytes.IsEmpty ? "{}"u8.ToArray() : bytes);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return (null, NotAnObject);
            return (new JsonBody(document.RootElement.Clone(), Fields<T>.Names), null);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return (null, NotAnObject);
        }
    }

    /// <summary>The same for all that say the same of every field, in whichever order.</summary>
    public string Content =>
        string.Join('\n', _fields.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}:{one.Value.GetRawText()}"));

    public bool Has(string field) => _fields.ContainsKey(field);

    public void Refuse(string field, string why) => _errors[field] = why;

    /// <summary>The field's text, trimmed unless <paramref name="isRaw"/>; null where it is absent or at fault.</summary>
    public string? Text(string field, int maxLength, bool isRequired = false, bool isRaw = false)
    {
        if (!_fields.TryGetValue(field, out var value))
        {
            if (isRequired)
                Refuse(field, "is missing");
            return null;
        }

        if (TextOf(value) is not { } text)
            Refuse(field, "must be a text");
        else if (text.Length > maxLength)
            Refuse(field, $"is longer than {maxLength} characters");
        else
            return isRaw ? text : text.Trim();
        return null;
    }

    public long? Number(string field, long min, long max, bool isRequired = false)
    {
        if (!_fields.TryGetValue(field, out var value))
        {
            if (isRequired)
                Refuse(field, "is missing");
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= min && number <= max)
            return number;
        Refuse(field, $"must be a whole number from {min} to {max}");
        return null;
    }

    /// <summary>Whether the field is true; false where it is absent or at fault.</summary>
    public bool Flag(string field)
    {
        if (!_fields.TryGetValue(field, out var value))
            return false;
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            Refuse(field, "must be true or false");
        return value.ValueKind == JsonValueKind.True;
    }

    /// <summary>A number with or without a fraction; null where it is absent or at fault.</summary>
    public double? Fraction(string field, double min, bool isRequired = false)
    {
        if (!_fields.TryGetValue(field, out var value))
        {
            if (isRequired)
                Refuse(field, "is missing");
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) && number >= min)
            return number;
        Refuse(field, $"must be a number from {min} on");
        return null;
    }

    /// <summary>The field's texts, trimmed, each once; null where it is absent or at fault.</summary>
    public IReadOnlyList<string>? Texts(string field, int maxCount, int maxLength)
    {
        if (!_fields.TryGetValue(field, out var value))
            return null;
        var texts = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(TextOf).ToArray() : [null];
        if (texts.Any(text => text is null))
            Refuse(field, "must be a list of texts");
        else if (texts.Length > maxCount)
            Refuse(field, $"has more than {maxCount} entries");
        else if (texts.Any(text => text!.Trim() is { Length: 0 } || text.Length > maxLength || HasControl(text)))
            Refuse(field, $"must hold texts of one line and of 1 to {maxLength} characters");
        else
            return [.. texts.Select(text => text!.Trim()).Distinct(StringComparer.Ordinal)];
        return null;
    }

    public static bool HasControl(string text) => text.Any(char.IsControl);

    static Problem NotAnObject => new(StatusCodes.Status400BadRequest, "The body is not a JSON object.");

    static string? TextOf(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate, escaped: valid JSON, but no text.
            return null;
        }
    }

    static class Fields<T>
    {
        public static readonly FrozenSet<string> Names = VaultJson
            .Options.GetTypeInfo(typeof(T))
            .Properties.Select(field => field.Name)
            .ToFrozenSet(StringComparer.Ordinal);
    }
}
