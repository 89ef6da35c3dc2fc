using System.Text;
using System.Text.Json;

namespace TgVault.Cli.Conformance;

/// <summary>Asks a row's request and says how the answer differs from what the row expects.</summary>
static class HttpAnswer
{
    public static async Task<string[]> FindDifferencesAsync(HttpClient http, string key, HttpCase row, CancellationToken cancellationToken)
    {
        using var request = Ask(key, row);
        using var answer = await http.SendAsync(request, cancellationToken);
        var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        var status = (int)answer.StatusCode;
        return status != row.Status
            ? [$"status is {status} instead of {row.Status}: {Excerpt(body)}"]
            : [.. Headers(row, answer), .. Body(row, body), .. row.IsProblem ? Problem(row, answer, body) : []];
    }

    static HttpRequestMessage Ask(string key, HttpCase row)
    {
        var request = new HttpRequestMessage(new HttpMethod(row.Method), row.Path);
        foreach (var (name, value) in row.Send)
            request.Headers.TryAddWithoutValidation(name, value);
        if (row.Credential == Credential.ApiKey)
            request.Headers.Add("X-Api-Key", key);
        if (row.Credential == Credential.WrongKey)
            request.Headers.Add("X-Api-Key", new string('x', key.Length));
        if (row.Credential == Credential.Bearer)
            request.Headers.Add("Authorization", "Bearer " + key);
        if (row.Json is not null)
            request.Content = new StringContent(row.Json, Encoding.UTF8, "application/json");
        return request;
    }

    static IEnumerable<string> Headers(HttpCase row, HttpResponseMessage answer)
    {
        foreach (var (name, expected) in row.Headers)
        {
            if (Find(answer, name) is var actual && actual != expected)
                yield return $"{name} is {actual ?? "absent"} instead of {expected ?? "absent"}";
        }

        if (row.Allow is null)
            yield break;
        var allowed = (Find(answer, "Allow") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (!allowed.Order(StringComparer.Ordinal).SequenceEqual(row.Allow.Order(StringComparer.Ordinal)))
            yield return $"Allow is {string.Join(", ", allowed)} instead of {string.Join(", ", row.Allow)}";
    }

    static IEnumerable<string> Body(HttpCase row, byte[] body)
    {
        if (row.Body is { } expected && !expected.Span.SequenceEqual(body))
            yield return $"the body's {body.Length} bytes are not the {expected.Length} expected";
        if (row.Contains is { } text && !Encoding.UTF8.GetString(body).Contains(text, StringComparison.Ordinal))
            yield return $"the body lacks {text}: {Excerpt(body)}";
    }

    static IEnumerable<string> Problem(HttpCase row, HttpResponseMessage answer, byte[] body)
    {
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
            yield return $"the type is {answer.Content.Headers.ContentType} instead of application/problem+json";
        else if (!IsProblem(row.Status, body))
            yield return $"this is no problem with its status and a sentence: {Excerpt(body)}";
    }

    static bool IsProblem(int status, byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var problem = document.RootElement;
            return problem.GetProperty("status").GetInt32() == status
                && problem.GetProperty("title").GetString() is { Length: > 0 }
                && problem.GetProperty("detail").GetString() is { Length: > 0 };
        }
        catch (Exception exception)
            when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    static string? Find(HttpResponseMessage answer, string name) =>
        answer.Headers.NonValidated.TryGetValues(name, out var values) || answer.Content.Headers.NonValidated.TryGetValues(name, out values)
            ? string.Join(", ", values)
            : null;

    static string Excerpt(byte[] body) => Encoding.UTF8.GetString(body, 0, Math.Min(body.Length, 200));
}
