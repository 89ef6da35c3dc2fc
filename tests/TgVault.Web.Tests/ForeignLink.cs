using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using TgVault.Core;
using TgVault.Core.Crypto;

namespace TgVault.Web.Tests;

/// <summary>Links as a site's own backend makes them, which the vault has never seen.</summary>
static class ForeignLink
{
    /// <summary>Signed with the vault's own key, as the first releases handed it out.</summary>
    public static string Sign(KeyRing keys, VideoId video, string? id, int? epoch = null, TimeSpan? lifetime = null) =>
        Sign($"v{keys.Current.Version}", keys.Current.Derive("links", 32), video, id, epoch, lifetime);

    /// <summary>Signed with a link key.</summary>
    /// <param name="keyId">Its id.</param>
    /// <param name="key">The key itself.</param>
    public static string Sign(string keyId, byte[] key, VideoId video, string? id = null, int? epoch = null, TimeSpan? lifetime = null)
    {
        var header = new JsonObject { ["alg"] = "HS256", ["kid"] = keyId };
        var claims = new JsonObject
        {
            ["aud"] = "tgvault",
            ["sub"] = video.ToString(),
            ["exp"] = (DateTimeOffset.UtcNow + (lifetime ?? TimeSpan.FromHours(1))).ToUnixTimeSeconds(),
        };
        if (id is not null)
            claims["jti"] = id;
        if (epoch is not null)
            claims["epoch"] = epoch;
        var text = $"{Encode(header)}.{Encode(claims)}";
        return $"{text}.{Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(text)))}";
    }

    static string Encode(JsonObject value) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(value.ToJsonString()));
}
