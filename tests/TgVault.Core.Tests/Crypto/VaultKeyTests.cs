using TgVault.Core.Crypto;

namespace TgVault.Core.Tests.Crypto;

public sealed class VaultKeyTests
{
    static readonly KeyBinding Binding = new(CryptoSamples.Video, 1, 3_000_000, "1x2097152,1x902848");

    [Fact]
    public void A_wrapped_key_unwraps_for_the_same_binding()
    {
        using var vaultKey = CryptoSamples.VaultKey();
        using var dataKey = CryptoSamples.DataKey();

        using var unwrapped = vaultKey.Unwrap(vaultKey.Wrap(dataKey, Binding), Binding);

        Assert.Equal(dataKey.Bytes.ToArray(), unwrapped.Bytes.ToArray());
    }

    [Theory]
    [InlineData("video")]
    [InlineData("attempt")]
    [InlineData("length")]
    [InlineData("plan")]
    public void A_wrapped_key_does_not_unwrap_for_another_binding(string what)
    {
        using var vaultKey = CryptoSamples.VaultKey();
        using var dataKey = CryptoSamples.DataKey();
        var wrapped = vaultKey.Wrap(dataKey, Binding);
        var other = what switch
        {
            "video" => Binding with { Video = VideoId.Read(CryptoSamples.Bytes(16, 0x41)) },
            "attempt" => Binding with { Attempt = 2 },
            "length" => Binding with { LengthBytes = 3_000_001 },
            _ => Binding with { ChunkPlan = "1x2097152,1x902849" },
        };

        Assert.Throws<IntegrityException>(() => vaultKey.Unwrap(wrapped, other));
    }

    [Fact]
    public void A_wrapped_key_does_not_unwrap_under_another_key_or_version()
    {
        using var vaultKey = CryptoSamples.VaultKey();
        using var otherKey = CryptoSamples.VaultKey(seed: 9);
        using var otherVersion = CryptoSamples.VaultKey(version: 2);
        using var dataKey = CryptoSamples.DataKey();
        var wrapped = vaultKey.Wrap(dataKey, Binding);

        Assert.Throws<IntegrityException>(() => otherKey.Unwrap(wrapped, Binding));
        Assert.Throws<IntegrityException>(() => otherVersion.Unwrap(wrapped, Binding));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(79)]
    public void A_wrapped_key_with_a_flipped_bit_does_not_unwrap(int position)
    {
        using var vaultKey = CryptoSamples.VaultKey();
        using var dataKey = CryptoSamples.DataKey();
        var bytes = vaultKey.Wrap(dataKey, Binding).Sealed.ToArray();
        bytes[position] ^= 1;

        Assert.Throws<IntegrityException>(() => vaultKey.Unwrap(new WrappedKey(1, bytes), Binding));
        Assert.Throws<IntegrityException>(() => vaultKey.Unwrap(new WrappedKey(1, bytes.AsMemory(0, 79)), Binding));
    }

    [Fact]
    public void Wrapping_twice_gives_different_bytes()
    {
        using var vaultKey = CryptoSamples.VaultKey();
        using var dataKey = CryptoSamples.DataKey();

        Assert.NotEqual(vaultKey.Wrap(dataKey, Binding).Sealed.ToArray(), vaultKey.Wrap(dataKey, Binding).Sealed.ToArray());
    }

    [Fact]
    public void A_key_derived_for_one_purpose_is_not_that_of_another()
    {
        using var vaultKey = CryptoSamples.VaultKey();

        Assert.Equal(vaultKey.Derive("links", 32), vaultKey.Derive("links", 32));
        Assert.NotEqual(vaultKey.Derive("links", 32), vaultKey.Derive("check", 32));
    }

    [Fact]
    public void A_key_ring_gives_the_newest_version_and_refuses_an_unknown_one()
    {
        using var ring = new KeyRing([CryptoSamples.VaultKey(1), CryptoSamples.VaultKey(3), CryptoSamples.VaultKey(2)]);

        Assert.Equal(3, ring.Current.Version);
        Assert.Equal(2, ring.Get(2).Version);
        Assert.Throws<IntegrityException>(() => ring.Get(4));
        Assert.Throws<ArgumentException>(() => new KeyRing([]));
    }
}
