using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using TgVault.Core.ApiKeys;
using TgVault.Web.Http;

namespace TgVault.Web.Keys;

/// <summary>What an API key is asked for with. Names the request's fields; <see cref="JsonBody"/> reads them.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record NewKey([Description("What a person calls it, in one line.")] [MaxLength(NewKey.MaxName)] string Name, KeyScope Scope)
{
    public const int MaxName = 64;
}

/// <summary>A named API key; what it says is told only when it is made.</summary>
internal sealed record KeyView(
    string Id,
    string Name,
    KeyScope Scope,
    DateTimeOffset Created,
    [Description("Within some minutes; absent where it was not used yet.")] DateTimeOffset? LastUsed
)
{
    public static KeyView Of(ApiKey key) => new(key.Id, key.Name, key.Scope, key.Created, key.LastUsed);
}

/// <summary>All named API keys, the oldest first.</summary>
internal sealed record KeyListView(IReadOnlyList<KeyView> Keys);

/// <summary>An API key just made; <paramref name="Secret"/> is what is sent, and is not told again.</summary>
internal sealed record MadeKeyView(KeyView Key, string Secret);
