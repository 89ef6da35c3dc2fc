using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using TgVault.Core.Links;
using TgVault.Web.Http;

namespace TgVault.Web.Keys;

/// <summary>What a link key is asked for with. Names the request's fields; <see cref="JsonBody"/> reads them.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record NewLinkKey([Description("What a person calls it, in one line.")] [MaxLength(NewKey.MaxName)] string Name);

/// <summary>A link key; what signs is told only when it is made.</summary>
internal sealed record LinkKeyView(
    [Description("What links signed with it name as `kid`.")] string Id,
    string Name,
    DateTimeOffset Created,
    [Description("When a link played that it signed, within some minutes; absent where none did yet.")] DateTimeOffset? LastUsed
)
{
    public static LinkKeyView Of(LinkKey key) => new(key.Id, key.Name, key.Created, key.LastUsed);
}

/// <summary>All link keys, the oldest first.</summary>
internal sealed record LinkKeyListView(IReadOnlyList<LinkKeyView> Keys);

/// <summary>A link key just made; <paramref name="Secret"/> is what signs, and is not told again.</summary>
internal sealed record MadeLinkKeyView(
    LinkKeyView Key,
    [Description("32 bytes in hex.")] string Secret,
    [Description("What the addresses of links begin with, before `/v/`.")] [Url] string BaseUrl
);
