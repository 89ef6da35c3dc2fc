using System.Text;
using Microsoft.AspNetCore.Http;

namespace TgVault.Web.Http;

/// <summary>The API key that a request brings, by any of the ways there are.</summary>
/// <param name="Text">Not empty.</param>
/// <param name="IsPassword">Whether it is the password of basic authentication.</param>
internal sealed record GivenKey(string Text, bool IsPassword)
{
    const string Bearer = "Bearer ";
    const string Basic = "Basic ";

    /// <summary>Null where it brings none.</summary>
    /// <param name="takesPassword">Whether the password of basic authentication counts. Browsers send one unasked: for reading
    /// only.</param>
    public static GivenKey? Of(HttpRequest request, bool takesPassword)
    {
        if (request.Headers["X-Api-Key"].ToString() is { Length: > 0 } key)
            return new GivenKey(key, false);
        var authorization = request.Headers.Authorization.ToString();
        if (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return authorization[Bearer.Length..].Trim() is { Length: > 0 } token ? new GivenKey(token, false) : null;
        return takesPassword && authorization.StartsWith(Basic, StringComparison.OrdinalIgnoreCase)
            ? PasswordOf(authorization[Basic.Length..].Trim())
            : null;
    }

    /// <summary>RFC 7617 §2: user and password with a colon between, as base64. The user's name says nothing here.</summary>
    static GivenKey? PasswordOf(string credentials)
    {
        var bytes = new byte[credentials.Length];
        if (!Convert.TryFromBase64String(credentials, bytes, out var length))
            return null;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon >= 0 && colon + 1 < text.Length ? new GivenKey(text[(colon + 1)..], true) : null;
    }
}
