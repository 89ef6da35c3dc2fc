using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using TgVault.Core.Crypto;
using TgVault.Core.Links;
using TgVault.Core.Settings;

namespace TgVault.Core.Tests.Links;

// Links that were signed with a link key.
public sealed partial class VideoLinksTests
{
    const string Digits = "0123456789abcdef";

    [Fact(Timeout = 30_000)]
    public async Task A_link_says_which_link_key_signed_it()
    {
        var own = (await _links.CheckAsync(_links.Mint(Ask()).Token)).Link!;
        var foreign = (await _links.CheckAsync(SignWith($"v1.{Digits}", $"links/{Digits}"))).Link!;

        Assert.Null(own.LinkKey);
        Assert.Equal($"v1.{Digits}", foreign.LinkKey);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_part_of_a_link_is_signed_with_the_key_of_that_link()
    {
        var part = _links.Mint(Ask() with { PartOf = "visit-1", LinkKey = $"v1.{Digits}" });

        var check = await _links.CheckAsync(part.Token);

        Assert.Equal((LinkStatus.Valid, $"v1.{Digits}", "visit-1"), (check.Status, check.Link!.LinkKey, check.Link.Id));
    }

    [Theory(Timeout = 30_000)]
    // The vault's own key for a link key, and the other way round.
    [InlineData("v1.0123456789abcdef", "links")]
    [InlineData("v1", "links/0123456789abcdef")]
    [InlineData("v1.0123456789abcdee", "links/0123456789abcdef")]
    // Of another version, and of one that is not there.
    [InlineData("v2.0123456789abcdef", "links/0123456789abcdef")]
    [InlineData("v7.0123456789abcdef", "links/0123456789abcdef")]
    // Written otherwise.
    [InlineData("v1.0123456789ABCDEF", "links/0123456789ABCDEF")]
    [InlineData("v01.0123456789abcdef", "links/0123456789abcdef")]
    [InlineData("v1.", "links/")]
    [InlineData("v1./", "links//")]
    [InlineData("v1.0123456789abcdef.", "links/0123456789abcdef.")]
    [InlineData("v1.0123456789abcde", "links/0123456789abcde")]
    public async Task A_key_signs_what_names_it_and_nothing_else(string keyId, string purpose) =>
        Assert.Equal(LinkStatus.Invalid, (await _links.CheckAsync(SignWith(keyId, purpose))).Status);

    [Fact(Timeout = 30_000)]
    public async Task A_link_of_a_link_key_lives_no_longer_than_links_may()
    {
        var links = new VideoLinks(_keys, new LinkSettings { MaxLifetimeMinutes = 60 }, _time);

        Assert.Equal(LinkStatus.Valid, (await links.CheckAsync(SignWith($"v1.{Digits}", $"links/{Digits}", Start.AddHours(1)))).Status);
        Assert.Equal(LinkStatus.Invalid, (await links.CheckAsync(SignWith($"v1.{Digits}", $"links/{Digits}", Start.AddDays(1)))).Status);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_link_key_of_another_vault_signs_nothing_here()
    {
        using var otherKeys = new KeyRing([VaultKey.FromBytes(1, SHA256.HashData("other"u8))]);
        var token = new VideoLinks(otherKeys, new LinkSettings(), _time).Mint(Ask() with { LinkKey = $"v1.{Digits}" }).Token;

        Assert.Equal(LinkStatus.Invalid, (await _links.CheckAsync(token)).Status);
    }

    string SignWith(string keyId, string purpose, DateTimeOffset? expires = null)
    {
        var claims = Claims();
        if (expires is { } end)
            claims["exp"] = end.ToUnixTimeSeconds();
        var text = $"{Encode(new JsonObject { ["alg"] = "HS256", ["kid"] = keyId }.ToJsonString())}.{Encode(claims.ToJsonString())}";
        var signature = HMACSHA256.HashData(_keys.Get(1).Derive(purpose, 32), Encoding.ASCII.GetBytes(text));
        return $"{text}.{Base64Url.EncodeToString(signature)}";
    }
}
