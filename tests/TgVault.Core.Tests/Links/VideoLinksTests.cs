using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Crypto;
using TgVault.Core.Links;
using TgVault.Core.Settings;

namespace TgVault.Core.Tests.Links;

public sealed partial class VideoLinksTests : IDisposable
{
    static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
    static readonly VideoId Video = VideoId.New(Start);

    readonly FakeTimeProvider _time = new(Start);
    readonly KeyRing _keys = new([VaultKey.FromBytes(1, new byte[32]), VaultKey.FromBytes(2, SHA256.HashData("two"u8))]);
    readonly VideoLinks _links;

    public VideoLinksTests() => _links = new VideoLinks(_keys, new LinkSettings(), _time);

    public void Dispose() => _keys.Dispose();

    [Fact(Timeout = 30_000)]
    public async Task A_minted_link_is_valid_for_its_video_with_all_kinds_and_any_origin()
    {
        var minted = _links.Mint(Ask());

        var check = await _links.CheckAsync(minted.Token);

        Assert.Equal(LinkStatus.Valid, check.Status);
        Assert.Equal(Video, check.Link!.Video);
        Assert.Equal(minted.Expires, check.Link.Expires);
        Assert.Equal(Start + TimeSpan.FromDays(7), minted.Expires);
        Assert.Null(check.Link.Origins);
        Assert.All(Enum.GetValues<LinkKind>(), kind => Assert.True(check.Link.Allows(kind)));
        Assert.Equal(minted.Link.Id, check.Link.Id);
        Assert.Matches("^[0-9a-hjkmnp-tv-z]{26}$", minted.Link.Id);
    }

    [Fact(Timeout = 30_000)]
    public async Task Origins_and_kinds_come_back_as_minted()
    {
        var minted = _links.Mint(
            new LinkRequest(Video, null, ["https://example.org", "http://localhost:8080"], [LinkKind.Hls, LinkKind.Embed])
        );

        var link = (await _links.CheckAsync(minted.Token)).Link!;

        Assert.Equal(["https://example.org", "http://localhost:8080"], link.Origins!.Value.ToArray());
        Assert.Equal([LinkKind.Hls, LinkKind.Embed], link.Kinds.ToArray());
        Assert.False(link.Allows(LinkKind.Mp4));
    }

    [Fact]
    public void Two_links_for_one_video_can_be_told_apart() => Assert.NotEqual(_links.Mint(Ask()).Token, _links.Mint(Ask()).Token);

    [Theory(Timeout = 30_000)]
    [InlineData(-1, LinkStatus.Valid)]
    [InlineData(0, LinkStatus.Expired)]
    [InlineData(1, LinkStatus.Expired)]
    public async Task A_link_ends_to_the_second(int secondsPastExpiry, LinkStatus expected)
    {
        var minted = _links.Mint(Ask(TimeSpan.FromHours(1)));

        _time.SetUtcNow(minted.Expires.AddSeconds(secondsPastExpiry));

        Assert.Equal(expected, (await _links.CheckAsync(minted.Token)).Status);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-60)]
    [InlineData((366 * 24 * 60 * 60) + 1)]
    public void A_lifetime_out_of_range_is_refused(int seconds) =>
        Assert.Throws<ArgumentException>(() => _links.Mint(Ask(TimeSpan.FromSeconds(seconds))));

    [Theory]
    [InlineData(1)]
    [InlineData(366 * 24 * 60 * 60)]
    public void A_lifetime_at_the_edge_is_given(int seconds) =>
        Assert.Equal(Start.AddSeconds(seconds), _links.Mint(Ask(TimeSpan.FromSeconds(seconds))).Expires);

    [Theory]
    [InlineData("")]
    [InlineData("example.org")]
    [InlineData("https://example.org/")]
    [InlineData("https://example.org/page")]
    [InlineData("https://user@example.org")]
    [InlineData("https://Example.org")]
    [InlineData("ftp://example.org")]
    [InlineData("*")]
    public void What_is_no_origin_is_refused(string origin) =>
        Assert.Throws<ArgumentException>(() => _links.Mint(new LinkRequest(Video, null, [origin], [])));

    [Fact]
    public void So_many_origins_that_the_link_would_be_refused_are_refused_when_minting() =>
        Assert.Throws<ArgumentException>(() =>
            _links.Mint(new LinkRequest(Video, null, [.. Enumerable.Range(0, 200).Select(i => $"https://site{i}.example.org")], []))
        );

    [Fact(Timeout = 30_000)]
    public async Task A_token_that_a_site_signs_by_itself_is_accepted()
    {
        var token = Sign(
            new JsonObject
            {
                ["aud"] = "tgvault",
                ["sub"] = Video.ToString(),
                ["exp"] = Start.AddHours(1).ToUnixTimeSeconds(),
                ["kinds"] = new JsonArray("mp4", "hologram"),
            }
        );

        var check = await _links.CheckAsync(token);

        Assert.Equal(LinkStatus.Valid, check.Status);
        Assert.Equal([LinkKind.Mp4], check.Link!.Kinds.ToArray());
    }

    [Theory(Timeout = 30_000)]
    [InlineData("v1", LinkStatus.Valid)]
    [InlineData("v2", LinkStatus.Invalid)]
    [InlineData("v3", LinkStatus.Invalid)]
    [InlineData("v01", LinkStatus.Invalid)]
    [InlineData("", LinkStatus.Invalid)]
    [InlineData(null, LinkStatus.Invalid)]
    public async Task The_key_id_says_which_key_and_no_other_is_tried(string? keyId, LinkStatus expected)
    {
        var token = Sign(
            Claims(),
            header: new JsonObject
            {
                ["alg"] = "HS256",
                ["typ"] = "JWT",
                ["kid"] = keyId,
            },
            keyVersion: 1
        );

        Assert.Equal(expected, (await _links.CheckAsync(token)).Status);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("HS384")]
    [InlineData("HS512")]
    [InlineData("RS256")]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("hs256")]
    public async Task Another_algorithm_in_the_header_is_refused(string algorithm)
    {
        var signed = Sign(Claims(), header: new JsonObject { ["alg"] = algorithm, ["kid"] = "v2" });

        Assert.Equal(LinkStatus.Invalid, (await _links.CheckAsync(signed)).Status);
        Assert.Equal(LinkStatus.Invalid, (await _links.CheckAsync(signed[..(signed.LastIndexOf('.') + 1)])).Status);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_true_HS512_signature_is_refused_too()
    {
        var parts = Sign(Claims(), header: new JsonObject { ["alg"] = "HS512", ["kid"] = "v2" }).Split('.');
        var signature = HMACSHA512.HashData(_keys.Get(2).Derive("links", 32), Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"));

        Assert.Equal(LinkStatus.Invalid, (await _links.CheckAsync($"{parts[0]}.{parts[1]}.{Base64Url.EncodeToString(signature)}")).Status);
    }

    public static TheoryData<string, string> BadClaims { get; } =
        new()
        {
            { "exp", "null" },
            { "exp", "\"4102444800\"" },
            { "exp", "[4102444800]" },
            { "exp", "-" },
            { "sub", "null" },
            { "sub", "7" },
            { "sub", "\"../../etc\"" },
            { "sub", "-" },
            { "aud", "\"other\"" },
            { "aud", "-" },
            { "origins", "\"https://example.org\"" },
            { "origins", "[1]" },
            { "origins", "{}" },
            { "kinds", "\"mp4\"" },
            { "kinds", "[[]]" },
            { "nbf", "\"now\"" },
            { "jti", "5" },
        };

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(BadClaims))]
    public async Task A_claim_that_is_missing_or_of_the_wrong_kind_makes_the_link_invalid(string name, string json)
    {
        var claims = Claims();
        claims.Remove(name);
        if (json != "-")
            claims[name] = JsonNode.Parse(json);

        Assert.Equal(LinkStatus.Invalid, (await _links.CheckAsync(Sign(claims))).Status);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("nbf", 60, LinkStatus.Valid)]
    [InlineData("nbf", 61, LinkStatus.Invalid)]
    [InlineData("iat", 60, LinkStatus.Valid)]
    [InlineData("iat", 61, LinkStatus.Invalid)]
    public async Task A_clock_a_minute_ahead_is_forgiven_and_no_more(string claim, int secondsAhead, LinkStatus expected)
    {
        var claims = Claims();
        claims[claim] = Start.AddSeconds(secondsAhead).ToUnixTimeSeconds();

        Assert.Equal(expected, (await _links.CheckAsync(Sign(claims))).Status);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_restriction_given_twice_is_refused()
    {
        var payload = Claims().ToJsonString().Replace("{", """{"kinds":["mp4"],"kinds":["mp4","hls"],""", StringComparison.Ordinal);

        Assert.Equal(LinkStatus.Invalid, (await _links.CheckAsync(SignText(payload))).Status);
    }

    [Fact(Timeout = 30_000)]
    public async Task An_expiry_beyond_all_dates_is_refused()
    {
        var claims = Claims();
        claims["exp"] = 1e300;

        var check = await _links.CheckAsync(Sign(claims));

        Assert.Equal(LinkStatus.Invalid, check.Status);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_changed_character_anywhere_makes_it_invalid()
    {
        var token = _links.Mint(Ask()).Token;

        // Also the bits of a part's last character that decode to nothing.
        for (var i = 0; i < token.Length; i++)
        {
            var changed = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            Assert.Equal(LinkStatus.Invalid, (await _links.CheckAsync(changed)).Status);
        }
    }

    public static TheoryData<string?> NoTokens { get; } =
        new()
        {
            { null },
            { "" },
            { "." },
            { ".." },
            { "a.b.c" },
            { "....." },
            { "a.b.c.d.e" },
            { "é.é.é" },
            { "{}.{}.{}" },
            { new string('a', 4096) },
            { new string('a', 1 << 20) },
            { "\0" },
        };

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(NoTokens))]
    public async Task What_is_no_token_is_invalid_and_nothing_is_thrown(string? token) =>
        Assert.Equal(LinkStatus.Invalid, (await _links.CheckAsync(token)).Status);

    [Fact(Timeout = 30_000)]
    public async Task A_token_longer_than_the_bound_is_refused_though_it_is_signed()
    {
        var claims = Claims();
        claims["padding"] = new string('x', VideoLinks.MaxTokenLength);

        Assert.Equal(LinkStatus.Invalid, (await _links.CheckAsync(Sign(claims))).Status);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_link_of_another_vault_is_invalid_even_when_it_has_expired()
    {
        using var otherKeys = new KeyRing([VaultKey.FromBytes(2, SHA256.HashData("other"u8))]);
        var token = new VideoLinks(otherKeys, new LinkSettings(), _time).Mint(Ask()).Token;

        _time.Advance(TimeSpan.FromDays(30));

        Assert.Equal(LinkStatus.Invalid, (await _links.CheckAsync(token)).Status);
    }

    static LinkRequest Ask(TimeSpan? lifetime = null) => new(Video, lifetime, default, default);

    static JsonObject Claims() =>
        new()
        {
            ["aud"] = "tgvault",
            ["sub"] = Video.ToString(),
            ["exp"] = Start.AddHours(1).ToUnixTimeSeconds(),
        };

    string Sign(JsonObject claims, JsonObject? header = null, int keyVersion = 2) => SignText(claims.ToJsonString(), header, keyVersion);

    string SignText(string payload, JsonObject? header = null, int keyVersion = 2)
    {
        header ??= new JsonObject
        {
            ["alg"] = "HS256",
            ["typ"] = "JWT",
            ["kid"] = "v2",
        };
        return SignParts(header.ToJsonString(), payload, keyVersion);
    }

    string SignParts(string header, string payload, int keyVersion = 2)
    {
        var text = $"{Encode(header)}.{Encode(payload)}";
        var key = _keys.Get(keyVersion).Derive("links", 32);
        return $"{text}.{Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(text)))}";
    }

    static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
