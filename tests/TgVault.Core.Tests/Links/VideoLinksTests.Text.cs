using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Crypto;
using TgVault.Core.Links;
using TgVault.Core.Settings;

namespace TgVault.Core.Tests.Links;

// How a link is written, what it is called, and how long it may live.
public sealed partial class VideoLinksTests
{
    [Theory(Timeout = 30_000)]
    [InlineData("{0}.{1}.{2}=")]
    [InlineData("{0}=.{1}.{2}")]
    [InlineData("{0}.{1}.{2} ")]
    [InlineData(" {0}.{1}.{2}")]
    [InlineData("{0}.{1}\n.{2}")]
    [InlineData("{0}.{1}.{2}.")]
    [InlineData("{0}.{1}.{2}.{2}")]
    [InlineData("{0}..{2}")]
    public async Task A_link_has_no_second_text(string form)
    {
        var parts = _links.Mint(Ask()).Token.Split('.');

        var written = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, parts[0], parts[1], parts[2]);

        Assert.Equal(LinkStatus.Invalid, (await _links.CheckAsync(written)).Status);
        Assert.Null(await _links.FindIdAsync(written));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("""{"alg":"HS256","kid":"v2"}""", LinkStatus.Valid)]
    [InlineData("""{"alg":"HS256","kid":"v2","typ":"jwt","x":{}}""", LinkStatus.Valid)]
    [InlineData("""{"alg":"HS256","kid":"v2","crit":["b64"],"b64":false}""", LinkStatus.Invalid)]
    [InlineData("""{"alg":"HS256","kid":"v2","crit":[]}""", LinkStatus.Invalid)]
    [InlineData("""{"alg":"HS256","alg":"HS256","kid":"v2"}""", LinkStatus.Invalid)]
    [InlineData("""{"alg":"HS256","kid":"v1","kid":"v2"}""", LinkStatus.Invalid)]
    [InlineData("""{"alg":["HS256"],"kid":"v2"}""", LinkStatus.Invalid)]
    [InlineData("""{"alg":"HS256","kid":"v2","typ":"at+jwt"}""", LinkStatus.Invalid)]
    [InlineData("""{"alg":"HS256","kid":"v2","typ":7}""", LinkStatus.Invalid)]
    [InlineData("""["HS256"]""", LinkStatus.Invalid)]
    public async Task A_header_is_read_strictly(string header, LinkStatus expected) =>
        Assert.Equal(expected, (await _links.CheckAsync(SignParts(header, Claims().ToJsonString()))).Status);

    [Theory(Timeout = 30_000)]
    [InlineData("ver", "1", LinkStatus.Valid)]
    [InlineData("ver", "2", LinkStatus.Valid)]
    [InlineData("ver", "3", LinkStatus.Invalid)]
    [InlineData("ver", "0", LinkStatus.Invalid)]
    [InlineData("ver", "\"2\"", LinkStatus.Invalid)]
    [InlineData("epoch", "3", LinkStatus.Valid)]
    [InlineData("epoch", "-1", LinkStatus.Invalid)]
    [InlineData("epoch", "0.5", LinkStatus.Invalid)]
    [InlineData("epoch", "4294967296", LinkStatus.Invalid)]
    [InlineData("epoch", "\"3\"", LinkStatus.Invalid)]
    public async Task A_later_version_and_an_epoch_that_is_none_are_refused(string name, string value, LinkStatus expected)
    {
        var claims = Claims();
        claims[name] = JsonNode.Parse(value);

        Assert.Equal(expected, (await _links.CheckAsync(Sign(claims))).Status);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(null, (366 * 24 * 60 * 60) + 60, LinkStatus.Valid)]
    [InlineData(null, (366 * 24 * 60 * 60) + 61, LinkStatus.Invalid)]
    [InlineData(0, 366 * 24 * 60 * 60, LinkStatus.Valid)]
    [InlineData(0, (366 * 24 * 60 * 60) + 1, LinkStatus.Invalid)]
    [InlineData(-100, (366 * 24 * 60 * 60) - 99, LinkStatus.Invalid)]
    public async Task No_link_lives_longer_than_links_may_whoever_made_it(int? made, int ends, LinkStatus expected)
    {
        var claims = Claims();
        claims["exp"] = Start.AddSeconds(ends).ToUnixTimeSeconds();
        if (made is { } seconds)
            claims["iat"] = Start.AddSeconds(seconds).ToUnixTimeSeconds();

        Assert.Equal(expected, (await _links.CheckAsync(Sign(claims))).Status);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_link_without_a_name_is_called_after_its_text()
    {
        var named = Claims();
        named["jti"] = "visit 4711/é";
        var empty = Claims();
        empty["jti"] = "";
        var (first, second) = (Sign(Claims()), Sign(empty));

        Assert.Equal("visit 4711/é", (await _links.CheckAsync(Sign(named))).Link!.Id);
        Assert.Equal(await _links.FindIdAsync(first), (await _links.CheckAsync(first)).Link!.Id);
        Assert.Matches("^~[A-Za-z0-9_-]{24}$", await _links.FindIdAsync(first));
        Assert.NotEqual(await _links.FindIdAsync(first), await _links.FindIdAsync(second));
    }

    [Fact(Timeout = 30_000)]
    public async Task An_expired_link_still_says_its_id()
    {
        var minted = _links.Mint(Ask());

        _time.Advance(TimeSpan.FromDays(30));

        Assert.Equal(minted.Link.Id, await _links.FindIdAsync(minted.Token));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_is_known_of_a_link_gives_its_text_again()
    {
        var minted = _links.Mint(new LinkRequest(Video, null, ["https://a.example"], [LinkKind.Embed]) { Epoch = 3, Label = "Bob" });
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(minted.Token, _links.Write(minted.Link));
        Assert.Equal(3, (await _links.CheckAsync(minted.Token)).Link!.Epoch);
        Assert.Null(_links.Write(minted.Link with { KeyVersion = 7 }));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_part_of_a_link_has_its_id()
    {
        var part = _links.Mint(Ask() with { PartOf = "visit-1" });

        Assert.Equal("visit-1", (await _links.CheckAsync(part.Token)).Link!.Id);
    }

    /// <summary>One of each version: what was given to somebody once is a link for ever, and today's code writes the newest so.</summary>
    [Theory(Timeout = 30_000)]
    [InlineData("link-1")]
    [InlineData("link-2")]
    [InlineData("link-key-1")]
    public async Task A_link_of_every_version_is_read(string name)
    {
        var vector = JsonNode.Parse(await File.ReadAllTextAsync(Crypto.Vectors.PathOf(name)))!;
        using var keys = new KeyRing([
            VaultKey.FromBytes((int)vector["vaultKeyVersion"]!, Convert.FromHexString((string)vector["vaultKey"]!)),
        ]);
        var (token, made) = ((string)vector["token"]!, DateTimeOffset.FromUnixTimeSeconds((long)vector["made"]!));
        var links = new VideoLinks(keys, new LinkSettings(), new FakeTimeProvider(made));

        var link = (await links.CheckAsync(token)).Link;

        Assert.NotNull(link);
        Assert.Equal((string)vector["videoId"]!, link.Video.ToString());
        Assert.Equal((string)vector["id"]!, link.Id);
        Assert.Equal((int)vector["epoch"]!, link.Epoch);
        Assert.Equal((long)vector["expires"]!, link.Expires.ToUnixTimeSeconds());
        Assert.Equal(vector["origins"]!.AsArray().Select(origin => (string)origin!), link.Origins!.Value);
        Assert.Equal([LinkKind.Mp4, LinkKind.Hls], link.Kinds.ToArray());
        Assert.Equal((string?)vector["linkKeyId"], link.LinkKey);
        if (vector["linkKeyId"] is { } keyId)
            Assert.Equal(
                (string)vector["linkKey"]!,
                Convert.ToHexStringLower(LinkKeyId.TryParse((string)keyId!)!.Value.Derive(keys.Current))
            );
        if (name == "link-2")
            Assert.Equal(
                token,
                links.Write(
                    new KnownLink
                    {
                        Id = link.Id,
                        Video = link.Video,
                        Created = made,
                        Expires = link.Expires,
                        Origins = link.Origins,
                        Kinds = link.Kinds,
                        Epoch = link.Epoch,
                        KeyVersion = keys.Current.Version,
                    }
                )
            );
    }
}
