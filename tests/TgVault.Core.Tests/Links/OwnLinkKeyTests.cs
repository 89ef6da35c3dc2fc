using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Crypto;
using TgVault.Core.Links;
using TgVault.Core.Settings;
using TgVault.Testing;

namespace TgVault.Core.Tests.Links;

/// <summary>The key that the vault signs its own links with is replaced.</summary>
public sealed class OwnLinkKeyTests : IDisposable
{
    static readonly CancellationToken None = CancellationToken.None;

    readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));
    readonly KeyRing _keys = new([KeyOf(1)]);
    readonly KeyRing _rotating = new([KeyOf(1), KeyOf(2)]);
    readonly MemoryRows _rows;
    readonly LinkKeyRing _linkKeys;
    readonly OwnLinkKey _own;
    readonly Dictionary<VideoLinks, OwnLinkKey> _owns = [];

    public OwnLinkKeyTests()
    {
        _rows = new MemoryRows(_time);
        _linkKeys = new LinkKeyRing(_keys, _rows, _time);
        _own = new OwnLinkKey(_keys, _rows, _time);
    }

    public void Dispose()
    {
        _own.Dispose();
        _linkKeys.Dispose();
        _keys.Dispose();
        _rotating.Dispose();
    }

    [Fact(Timeout = 30_000)]
    public async Task What_it_signed_is_good_until_it_is_replaced_and_of_others_only_link_keys_are()
    {
        var links = Links(_keys, _own);
        var first = links.Mint(Ask());
        var site = links.Mint(Ask() with { LinkKey = (await _linkKeys.MakeAsync("a site", None)).Key.Id });
        Assert.True(await IsGoodAsync(links, first));
        Assert.True(await IsGoodAsync(links, site));

        await _own.ReplaceAsync(None);
        var second = links.Mint(Ask());
        await _own.ReplaceAsync(None);
        var third = links.Mint(Ask());

        Assert.False(await IsGoodAsync(links, first));
        Assert.False(await IsGoodAsync(links, second));
        Assert.True(await IsGoodAsync(links, third));
        Assert.Null(links.Write(first.Link));
        Assert.Null(links.Write(second.Link));
        Assert.Equal(third.Token, links.Write(third.Link));
        // It replaces the vault's own; link keys are revoked by themselves.
        Assert.True(await IsGoodAsync(links, site));
        Assert.Equal(1, await _linkKeys.RevokeAllAsync(None));
        Assert.False(await IsGoodAsync(links, site));
    }

    [Fact(Timeout = 30_000)]
    public async Task Another_instance_knows_within_half_a_minute_and_at_once_where_it_makes_a_link_that_is_kept()
    {
        using var other = new OwnLinkKey(_keys, _rows, _time);
        await other.RefreshAsync(None);
        await _own.ReplaceAsync(None);

        await other.RefreshAsync(None);
        var late = Links(_keys, other).Mint(Ask());
        await other.RefreshNowAsync(None);
        var now = Links(_keys, other).Mint(Ask());
        _time.Advance(OwnLinkKey.Remembered);

        Assert.False(await IsGoodAsync(Links(_keys, other), late));
        Assert.True(await IsGoodAsync(Links(_keys, _own), now));
    }

    [Fact(Timeout = 30_000)]
    public async Task While_the_master_secret_is_rotated_the_new_version_signs_and_what_was_ended_before_stays_ended()
    {
        var ended = Links(_keys, _own).Mint(Ask());
        await _own.ReplaceAsync(None);
        var before = Links(_keys, _own).Mint(Ask());
        using var own = new OwnLinkKey(_rotating, _rows, _time);
        await own.RefreshAsync(None);
        var links = Links(_rotating, own);

        var during = links.Mint(Ask());

        Assert.Equal((2, null), (during.Link.KeyVersion, during.Link.Key));
        Assert.False(await IsGoodAsync(links, ended));
        Assert.True(await IsGoodAsync(links, before));
        Assert.True(await IsGoodAsync(links, during));
        _rotating.EndFormerSignatures();
        Assert.Equal(LinkStatus.Invalid, (await links.CheckAsync(before.Token)).Status);
        Assert.True(await IsGoodAsync(links, during));
        await own.ReplaceAsync(None);
        Assert.False(await IsGoodAsync(links, during));
    }

    async Task<bool> IsGoodAsync(VideoLinks links, MintedLink link)
    {
        var check = await links.CheckAsync(link.Token);
        Assert.Equal(LinkStatus.Valid, check.Status);
        return await _owns[links].IsGoodAsync(check.Link!, _linkKeys, None);
    }

    VideoLinks Links(KeyRing keys, OwnLinkKey own)
    {
        var links = new VideoLinks(keys, new LinkSettings(), _time, own);
        _owns[links] = own;
        return links;
    }

    static LinkRequest Ask() => new(VideoId.New(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero)), null, [], []);

    static VaultKey KeyOf(int version) => VaultKey.FromBytes(version, SHA256.HashData([(byte)version]));
}
