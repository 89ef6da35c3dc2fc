using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using TgVault.Core.Crypto;
using TgVault.Core.Links;
using TgVault.Core.Rows;
using TgVault.Testing;

namespace TgVault.Core.Tests.Links;

/// <summary>Keys that sites make links with: which there are, and what they are made of.</summary>
public sealed class LinkKeyTests : IDisposable
{
    static readonly CancellationToken None = CancellationToken.None;
    static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    readonly FakeTimeProvider _time = new(Start);
    readonly KeyRing _keys = new([VaultKey.FromBytes(3, SHA256.HashData("three"u8))]);
    readonly MemoryRows _rows;
    readonly LinkKeyRing _ring;

    public LinkKeyTests()
    {
        _rows = new MemoryRows(_time);
        _ring = new LinkKeyRing(_keys, _rows, _time);
    }

    public void Dispose()
    {
        _ring.Dispose();
        _keys.Dispose();
    }

    [Fact(Timeout = 30_000)]
    public async Task Keys_are_all_different_and_none_is_the_vaults_own()
    {
        var made = new List<MadeLinkKey>();
        for (var i = 0; i < 5; i++)
        {
            made.Add(await _ring.MakeAsync($"site {i}", None));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.All(made, one => Assert.Matches(@"^v3\.[0-9a-f]{16}$", one.Key.Id));
        Assert.All(made, one => Assert.Matches("^[0-9a-f]{64}$", one.Secret));
        Assert.Equal(5, made.Select(one => one.Key.Id).Distinct().Count());
        Assert.Equal(
            6,
            made.Select(one => one.Secret).Append(Convert.ToHexStringLower(_keys.Current.Derive("links", 32))).Distinct().Count()
        );
        Assert.Equal(made.Select(one => one.Key), await _ring.ListAsync(None));
    }

    [Fact(Timeout = 30_000)]
    public async Task Of_a_key_the_rows_have_nothing_that_signs()
    {
        var made = await _ring.MakeAsync("shop", None);

        var row = Assert.Single(await _rows.ListAsync(RowRange.All, 100, null, None).ToListAsync());

        Assert.Equal(["Created", "Name"], row.Values.Keys.Order());
        Assert.Equal(made.Key.Id, row.Key);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_revoked_key_ends_here_at_once_and_elsewhere_when_what_was_found_is_forgotten()
    {
        using var elsewhere = new LinkKeyRing(_keys, _rows, _time);
        var made = await _ring.MakeAsync("shop", None);
        var other = await _ring.MakeAsync("other", None);
        Assert.True(await _ring.UseAsync(made.Key.Id, None));
        Assert.True(await elsewhere.UseAsync(made.Key.Id, None));

        Assert.True(await _ring.RevokeAsync(made.Key.Id, None));

        Assert.False(await _ring.UseAsync(made.Key.Id, None));
        _time.Advance(LinkKeyRing.Remembered);
        Assert.False(await elsewhere.UseAsync(made.Key.Id, None));
        Assert.True(await elsewhere.UseAsync(other.Key.Id, None));
        Assert.False(await _ring.RevokeAsync(made.Key.Id, None));
        Assert.Equal(other.Key.Id, Assert.Single(await _ring.ListAsync(None)).Id);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("")]
    [InlineData("v3")]
    [InlineData("v3.")]
    [InlineData("v3.0123456789abcde")]
    [InlineData("v3.0123456789ABCDEF")]
    [InlineData("v3.0123456789abcdef ")]
    [InlineData("v03.0123456789abcdef")]
    [InlineData("v+3.0123456789abcdef")]
    [InlineData("3.0123456789abcdef")]
    [InlineData("../keys/000001")]
    public async Task What_is_no_id_of_a_link_key_is_not_there_to_revoke(string id)
    {
        Assert.False(LinkKeyId.TryParse(id) is { Digits: not null });
        Assert.False(await _ring.RevokeAsync(id, None));
    }

    [Fact(Timeout = 30_000)]
    public async Task The_last_use_is_noted_now_and_then_and_brings_no_revoked_key_back()
    {
        using var elsewhere = new LinkKeyRing(_keys, _rows, _time);
        var made = await _ring.MakeAsync("shop", None);
        Assert.Null((await ListedAsync()).LastUsed);
        for (var i = 0; i < 100; i++)
        {
            Assert.True(await _ring.UseAsync(made.Key.Id, None));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(Start, (await ListedAsync()).LastUsed);
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.True(await _ring.UseAsync(made.Key.Id, None));
        Assert.Equal(_time.GetUtcNow(), (await ListedAsync()).LastUsed);

        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.True(await elsewhere.UseAsync(made.Key.Id, None));
        _time.Advance(TimeSpan.FromSeconds(29));
        await _ring.RevokeAsync(made.Key.Id, None);
        await elsewhere.UseAsync(made.Key.Id, None);
        Assert.Empty(await _ring.ListAsync(None));

        async Task<LinkKey> ListedAsync() => Assert.Single(await _ring.ListAsync(None));
    }

    [Fact(Timeout = 30_000)]
    public async Task There_are_only_so_many()
    {
        for (var i = 0; i < LinkKeyRing.Most; i++)
            await _ring.MakeAsync($"site {i}", None);

        await Assert.ThrowsAsync<VaultException>(() => _ring.MakeAsync("one more", None));
    }
}
