using Microsoft.AspNetCore.Http;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Http;

/// <summary>
/// Refuses a query that has a parameter which the route does not take: a filter that is misspelt would give everything, a wish to remove
/// for good only the trash.
/// </summary>
internal static class KnownParameters
{
    /// <summary>Null where the route takes all of them. Values are the handler's concern.</summary>
    public static Problem? Refuse(HttpRequest request, Operation about)
    {
        if (request.Query.Count == 0)
            return null;
        string[] known = [.. about.Parameters.Where(parameter => !parameter.IsHeader).Select(parameter => parameter.Name).Order()];
        // As the framework reads them: whatever their case.
        var unknown = request.Query.Keys.Where(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)).Order().FirstOrDefault();
        return unknown is null
            ? null
            : new Problem(
                StatusCodes.Status400BadRequest,
                $"{Shown(unknown)} is no parameter of this address"
                    + (known.Length == 0 ? ", which takes none." : $", which takes {string.Join(", ", known)}.")
            )
            {
                Code = ProblemCode.UnknownParameter,
            };
    }

    // It is the client's own text; the sentence need not hold all of it.
    static string Shown(string name) => name.Length <= 40 ? $"\"{name}\"" : $"\"{name[..40]}...\"";
}
