using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace TgVault.Core.Links;

/// <summary>
/// The text of a link, before its signature is looked at: three parts in base64url, each in the one form that its bytes have, so that no
/// link can be written in a second way; and a header that asks for nothing unknown.
/// </summary>
static class LinkText
{
    /// <summary>The bytes of the claims; null where this is no link's text.</summary>
    public static byte[]? TryReadClaims(string token)
    {
        var parts = token.Split('.', 4);
        return
            parts.Length == 3
            && Decode(parts[0]) is { } header
            && Decode(parts[1]) is { } claims
            && Decode(parts[2]) is { Length: HMACSHA256.HashSizeInBytes }
            && IsKnown(header)
            ? claims
            : null;
    }

    /// <summary>What a link is called whose maker gave it no name.</summary>
    public static string NameOf(string token) =>
        "~" + Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token)).AsSpan(0, 18));

    /// <summary>
    /// Null where it is not base64url, or not as RFC 4648 §3.5 has it: padded, with spaces, or with bits that mean nothing.
    /// </summary>
    static byte[]? Decode(string part)
    {
        if (part.Length == 0 || !Base64Url.IsValid(part))
            return null;
        var bytes = Base64Url.DecodeFromChars(part);
        return Base64Url.EncodeToString(bytes) == part ? bytes : null;
    }

    static bool IsKnown(byte[] header)
    {
        try
        {
            return JsonSerializer.Deserialize(header, LinkJson.Default.LinkHeader)
                    is { Alg: SecurityAlgorithms.HmacSha256, Crit: null } known
                && (known.Typ is null || known.Typ.Equals("JWT", StringComparison.OrdinalIgnoreCase));
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
