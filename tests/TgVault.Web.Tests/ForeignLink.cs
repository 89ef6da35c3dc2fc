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
    public static string Sign(KeyRing keys, VideoId video, string? id, int? epoch = null, TimeSpan? lifetime = null)
    {
        var header = new JsonObject { ["alg"] = "HS256", ["kid"] = $"v{keys.Current.Version}" };
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
        var key = keys.Current.Derive("links", 32);
        return $"{text}.{Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(text)))}";
    }

    static string Encode(JsonObject value) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(value.ToJsonString()));
}
