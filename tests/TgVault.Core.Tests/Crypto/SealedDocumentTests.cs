using TgVault.Core.Crypto;

namespace TgVault.Core.Tests.Crypto;

public sealed class SealedDocumentTests
{
    const string Secret = "a master secret for tests, not a real one";
    const int N = SealedChunk.BlockBytes;
    const int Header = SealedDocument.HeaderBytes;

    [Theory]
    [InlineData(1)]
    [InlineData(N - 1)]
    [InlineData(N)]
    [InlineData(N + 1)]
    [InlineData(2 * N)]
    [InlineData((2 * N) + 500)]
    public void What_was_sealed_opens(int length)
    {
        using var keys = Keys();
        var plaintext = CryptoSamples.Plaintext(length);

        Assert.Equal(
            plaintext,
            SealedDocument.Open(DocumentKind.Manifest, SealedDocument.Seal(DocumentKind.Manifest, plaintext, keys.Current), keys)
        );
    }

    [Fact]
    public void The_largest_document_is_one_that_Telegram_gives_back()
    {
        using var keys = Keys();
        var document = SealedDocument.Seal(DocumentKind.Manifest, new byte[SealedDocument.MaxPlainBytes], keys.Current);

        Assert.InRange(document.Length, 1, SealedDocument.MaxBytes);
        Assert.Equal(SealedDocument.MaxPlainBytes, SealedDocument.Open(DocumentKind.Manifest, document, keys).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            SealedDocument.Seal(DocumentKind.Manifest, new byte[SealedDocument.MaxPlainBytes + 1], keys.Current)
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => SealedDocument.Seal(DocumentKind.Manifest, [], keys.Current));
        Assert.Throws<IntegrityException>(() => SealedDocument.Open(DocumentKind.Manifest, new byte[SealedDocument.MaxBytes + 1], keys));
    }

    [Fact]
    public void The_master_secret_alone_opens_it()
    {
        using var key = MasterKey.Make(Secret, 2, new VaultKeyCost(64, 1));
        var document = SealedDocument.Seal(DocumentKind.Catalogue, "hello"u8, key);

        Assert.Equal("hello"u8.ToArray(), SealedDocument.Open(DocumentKind.Catalogue, document, Secret));
        Assert.Contains(
            "not the one",
            Assert.Throws<VaultException>(() => SealedDocument.Open(DocumentKind.Catalogue, document, "another secret")).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_document_under_a_key_of_no_master_secret_says_so()
    {
        using var keys = Keys();
        var document = SealedDocument.Seal(DocumentKind.Catalogue, "hello"u8, keys.Current);

        Assert.Throws<IntegrityException>(() => SealedDocument.Open(DocumentKind.Catalogue, document, Secret));
    }

    [Theory]
    [InlineData(nameof(DocumentKind.Manifest), nameof(DocumentKind.Catalogue))]
    [InlineData(nameof(DocumentKind.Catalogue), nameof(DocumentKind.Segment))]
    [InlineData(nameof(DocumentKind.Segment), nameof(DocumentKind.Manifest))]
    public void A_document_does_not_open_as_another_kind(string made, string opened)
    {
        using var keys = Keys();
        var document = SealedDocument.Seal(Enum.Parse<DocumentKind>(made), "hello"u8, keys.Current);

        Assert.Throws<IntegrityException>(() => SealedDocument.Open(Enum.Parse<DocumentKind>(opened), document, keys));
    }

    [Fact]
    public void Another_vault_key_does_not_open_it()
    {
        using var keys = Keys();
        using var others = new KeyRing([CryptoSamples.VaultKey(seed: 9)]);
        using var newer = new KeyRing([CryptoSamples.VaultKey(version: 2)]);
        var document = SealedDocument.Seal(DocumentKind.Manifest, "hello"u8, keys.Current);

        Assert.Throws<IntegrityException>(() => SealedDocument.Open(DocumentKind.Manifest, document, others));
        Assert.Throws<IntegrityException>(() => SealedDocument.Open(DocumentKind.Manifest, document, newer));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(Header - 1)]
    [InlineData(Header)]
    [InlineData(Header + SealedChunk.TagBytes)]
    [InlineData(Header + N)]
    [InlineData(Header + SealedChunk.SealedBlockBytes)]
    [InlineData(Header + SealedChunk.SealedBlockBytes + SealedChunk.TagBytes)]
    [InlineData(Header + SealedChunk.SealedBlockBytes + SealedChunk.TagBytes + 1)]
    [InlineData(Header + SealedChunk.SealedBlockBytes + SealedChunk.TagBytes + 499)]
    public void A_truncated_document_does_not_open(int keptBytes)
    {
        using var keys = Keys();
        var document = SealedDocument.Seal(DocumentKind.Manifest, CryptoSamples.Plaintext(N + 500), keys.Current);

        Assert.Throws<IntegrityException>(() => SealedDocument.Open(DocumentKind.Manifest, document.AsSpan(0, keptBytes), keys));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(SealedChunk.TagBytes + 1)]
    public void An_extended_document_does_not_open(int extraBytes)
    {
        using var keys = Keys();
        byte[] document =
        [
            .. SealedDocument.Seal(DocumentKind.Manifest, CryptoSamples.Plaintext(N), keys.Current),
            .. new byte[extraBytes],
        ];

        Assert.Throws<IntegrityException>(() => SealedDocument.Open(DocumentKind.Manifest, document, keys));
    }

    [Fact]
    public void A_flipped_bit_anywhere_in_the_header_or_at_the_edges_of_a_block_does_not_open()
    {
        using var keys = Keys();
        var document = SealedDocument.Seal(DocumentKind.Manifest, CryptoSamples.Plaintext(N + 500), keys.Current);
        int[] edges =
        [
            Header + N - 1,
            Header + N,
            Header + SealedChunk.SealedBlockBytes - 1,
            Header + SealedChunk.SealedBlockBytes,
            document.Length - 1,
        ];

        foreach (var position in Enumerable.Range(0, Header + 1).Concat(edges))
        {
            var damaged = document.ToArray();
            damaged[position] ^= 1;
            Assert.Throws<IntegrityException>(() => SealedDocument.Open(DocumentKind.Manifest, damaged, keys));
        }
    }

    [Fact]
    public void No_two_seals_of_one_plaintext_are_equal()
    {
        using var keys = Keys();
        var seen = new HashSet<string>();

        for (var i = 0; i < 100; i++)
            Assert.True(seen.Add(Convert.ToHexString(SealedDocument.Seal(DocumentKind.Manifest, "hello"u8, keys.Current).AsSpan(Header))));
    }

    static KeyRing Keys() => new([CryptoSamples.VaultKey()]);
}
