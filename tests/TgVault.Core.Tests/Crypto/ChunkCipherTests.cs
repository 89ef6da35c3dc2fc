using TgVault.Core.Crypto;

namespace TgVault.Core.Tests.Crypto;

public sealed class ChunkCipherTests
{
    const int N = SealedChunk.BlockBytes;

    [Theory]
    [InlineData(1)]
    [InlineData(N - 1)]
    [InlineData(N)]
    [InlineData(N + 1)]
    [InlineData((2 * N) - 1)]
    [InlineData(2 * N)]
    [InlineData((2 * N) + 500)]
    public void What_was_sealed_opens_whole_and_block_by_block_in_any_order(int length)
    {
        var plaintext = CryptoSamples.Plaintext(length);
        var chunk = CryptoSamples.Seal(plaintext);
        using var dataKey = CryptoSamples.DataKey();
        using var cipher = ChunkCipher.CreateToOpen(dataKey, CryptoSamples.Identity, CryptoSamples.Salt(), length);

        var whole = new byte[length];
        cipher.Open(chunk, whole);
        var blocks = new byte[length];
        for (var block = SealedChunk.BlockCount(length) - 1; block >= 0; block--)
            OpenBlock(cipher, chunk, block, blocks);

        Assert.Equal(SealedChunk.SealedLength(length), chunk.Length);
        Assert.Equal(plaintext, whole);
        Assert.Equal(plaintext, blocks);
    }

    [Fact]
    public void An_empty_chunk_cannot_be_made()
    {
        using var dataKey = CryptoSamples.DataKey();
        using var vaultKey = CryptoSamples.VaultKey();

        Assert.Throws<ArgumentOutOfRangeException>(() =>
            ChunkCipher.Create(dataKey, vaultKey, CryptoSamples.Identity, CryptoSamples.Salt(), 0)
        );
    }

    [Fact]
    public void Another_data_key_does_not_open()
    {
        using var other = CryptoSamples.DataKey(seed: 9);
        AssertDoesNotOpen(CryptoSamples.Seal(CryptoSamples.Plaintext(N + 1)), N + 1, dataKey: other);
    }

    [Theory]
    [InlineData("video")]
    [InlineData("attempt")]
    [InlineData("index")]
    public void A_chunk_does_not_open_as_another_one(string what)
    {
        var identity = what switch
        {
            "video" => CryptoSamples.Identity with { Video = VideoId.Read(CryptoSamples.Bytes(16, 0x41)) },
            "attempt" => CryptoSamples.Identity with { Attempt = 2 },
            _ => CryptoSamples.Identity with { Number = new ChunkNumber(4) },
        };

        AssertDoesNotOpen(CryptoSamples.Seal(CryptoSamples.Plaintext(N + 1)), N + 1, identity: identity);
    }

    [Fact]
    public void Another_salt_does_not_open()
    {
        var chunk = CryptoSamples.Seal(CryptoSamples.Plaintext(100));
        using var dataKey = CryptoSamples.DataKey();
        using var cipher = ChunkCipher.CreateToOpen(dataKey, CryptoSamples.Identity, CryptoSamples.Salt(seed: 9), 100);

        Assert.Throws<IntegrityException>(() => cipher.Open(chunk, new byte[100]));
        Assert.Throws<IntegrityException>(() => OpenBlock(cipher, chunk, 0, new byte[100]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(40)]
    [InlineData(SealedChunk.HeaderBytes - 1)]
    [InlineData(SealedChunk.HeaderBytes)]
    [InlineData(SealedChunk.HeaderBytes + 1)]
    [InlineData(SealedChunk.HeaderBytes + N)]
    [InlineData(SealedChunk.HeaderBytes + N + SealedChunk.TagBytes)]
    [InlineData(SealedChunk.HeaderBytes + N + SealedChunk.TagBytes + 1)]
    [InlineData(SealedChunk.HeaderBytes + N + SealedChunk.TagBytes + 500)]
    [InlineData(SealedChunk.HeaderBytes + N + SealedChunk.TagBytes + 500 + SealedChunk.TagBytes - 1)]
    public void A_truncated_chunk_does_not_open(int keptBytes) =>
        AssertDoesNotOpen(CryptoSamples.Seal(CryptoSamples.Plaintext(N + 500))[..keptBytes], N + 500);

    [Theory]
    [InlineData(1)]
    [InlineData(SealedChunk.TagBytes)]
    [InlineData(SealedChunk.TagBytes + 1)]
    [InlineData(SealedChunk.SealedBlockBytes)]
    public void An_extended_chunk_does_not_open(int extraBytes) =>
        AssertDoesNotOpen([.. CryptoSamples.Seal(CryptoSamples.Plaintext(N)), .. new byte[extraBytes]], N);

    [Theory]
    [InlineData(2 * N, N)]
    [InlineData(N, 2 * N)]
    [InlineData(500, 499)]
    public void A_chunk_does_not_open_under_another_length(int sealedAs, int openedAs)
    {
        var chunk = CryptoSamples.Seal(CryptoSamples.Plaintext(sealedAs));
        Array.Resize(ref chunk, SealedChunk.SealedLength(openedAs));

        AssertDoesNotOpen(chunk, openedAs);
    }

    [Fact]
    public void Swapped_blocks_do_not_open()
    {
        var chunk = CryptoSamples.Seal(CryptoSamples.Plaintext(3 * N));
        var first = chunk.AsSpan(SealedChunk.BlockOffset(0), SealedChunk.SealedBlockBytes);
        var second = chunk.AsSpan(SealedChunk.BlockOffset(1), SealedChunk.SealedBlockBytes);
        var kept = first.ToArray();
        second.CopyTo(first);
        kept.CopyTo(second);

        AssertDoesNotOpen(chunk, 3 * N);
    }

    [Theory]
    [InlineData(0, "magic")]
    [InlineData(4, "version")]
    [InlineData(5, "zeros")]
    [InlineData(8, "salt, first byte")]
    [InlineData(39, "salt, last byte")]
    [InlineData(SealedChunk.HeaderBytes, "first block")]
    [InlineData(SealedChunk.HeaderBytes + N, "first block's tag")]
    [InlineData(SealedChunk.HeaderBytes + N + SealedChunk.TagBytes, "last block")]
    [InlineData(SealedChunk.HeaderBytes + N + SealedChunk.TagBytes + 499, "last block, last byte")]
    [InlineData(SealedChunk.HeaderBytes + N + SealedChunk.TagBytes + 515, "last tag, last byte")]
    public void A_flipped_bit_does_not_open(int position, string region)
    {
        var chunk = CryptoSamples.Seal(CryptoSamples.Plaintext(N + 500));
        chunk[position] ^= 0x10;

        Assert.NotEmpty(region);
        AssertDoesNotOpen(chunk, N + 500);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(44)]
    [InlineData(SealedChunk.HeaderBytes - 1)]
    public void A_flipped_bit_in_the_label_is_found_when_the_chunk_is_read_back_and_spoils_the_label_only(int position)
    {
        var chunk = CryptoSamples.Seal(CryptoSamples.Plaintext(500));
        chunk[position] ^= 0x10;
        using var dataKey = CryptoSamples.DataKey();
        using var vaultKey = CryptoSamples.VaultKey();
        using var readBack = ChunkCipher.Create(dataKey, vaultKey, CryptoSamples.Identity, CryptoSamples.Salt(), 500);
        using var player = ChunkCipher.CreateToOpen(dataKey, CryptoSamples.Identity, CryptoSamples.Salt(), 500);
        var opened = new byte[500];

        player.Open(chunk, opened);

        Assert.Equal(CryptoSamples.Plaintext(500), opened);
        Assert.Throws<IntegrityException>(() => readBack.Open(chunk, new byte[500]));
        Assert.Null(ChunkCipher.TryReadLabel(chunk, vaultKey));
        using var keys = new KeyRing([CryptoSamples.VaultKey(), CryptoSamples.VaultKey(2, 9)]);
        using var rotated = ChunkCipher.CreateToCheck(dataKey, keys, CryptoSamples.Identity, CryptoSamples.Salt(), 500);
        Assert.Throws<IntegrityException>(() => rotated.Open(chunk, new byte[500]));
    }

    [Fact]
    public void A_chunk_whose_label_is_of_a_former_version_is_read_back_as_it_is()
    {
        var chunk = CryptoSamples.Seal(CryptoSamples.Plaintext(500));
        using var dataKey = CryptoSamples.DataKey();
        using var keys = new KeyRing([CryptoSamples.VaultKey(), CryptoSamples.VaultKey(2, 9)]);
        using var rotated = ChunkCipher.CreateToCheck(dataKey, keys, CryptoSamples.Identity, CryptoSamples.Salt(), 500);
        using var other = ChunkCipher.CreateToCheck(dataKey, keys, CryptoSamples.Identity with { Attempt = 2 }, CryptoSamples.Salt(), 500);

        rotated.CheckHeader(chunk.AsSpan(0, SealedChunk.HeaderBytes));

        Assert.Throws<IntegrityException>(() => other.CheckHeader(chunk.AsSpan(0, SealedChunk.HeaderBytes)));
    }

    [Fact]
    public void The_last_block_does_not_open_as_a_middle_one_nor_a_middle_one_as_the_last()
    {
        using var last = new BlockCipher(new byte[32], new byte[32], "info"u8, "header"u8, 2 * N);
        using var middle = new BlockCipher(new byte[32], new byte[32], "info"u8, "header"u8, 3 * N);
        var plaintext = CryptoSamples.Plaintext(N);
        var sealedLast = new byte[SealedChunk.SealedBlockBytes];
        var sealedMiddle = new byte[SealedChunk.SealedBlockBytes];

        last.Seal(1, plaintext, sealedLast);
        middle.Seal(1, plaintext, sealedMiddle);

        Assert.True(last.TryOpen(1, sealedLast, new byte[N]));
        Assert.False(middle.TryOpen(1, sealedLast, new byte[N]));
        Assert.False(last.TryOpen(1, sealedMiddle, new byte[N]));
    }

    [Fact]
    public void No_two_seals_of_one_plaintext_share_a_salt_or_a_block()
    {
        var plaintext = new byte[N];
        var seen = new HashSet<string>();

        for (var i = 0; i < 100; i++)
        {
            var chunk = CryptoSamples.Seal(plaintext, salt: SealedChunk.NewSalt());
            Assert.True(seen.Add(Convert.ToHexString(chunk.AsSpan(8, 32))));
            Assert.True(seen.Add(Convert.ToHexString(chunk.AsSpan(SealedChunk.HeaderBytes, 32))));
        }
    }

    [Fact]
    public void Equal_blocks_of_one_chunk_are_sealed_differently()
    {
        var chunk = CryptoSamples.Seal(new byte[2 * N]);

        Assert.NotEqual(
            chunk[SealedChunk.BlockOffset(0)..(SealedChunk.BlockOffset(0) + N)],
            chunk[SealedChunk.BlockOffset(1)..(SealedChunk.BlockOffset(1) + N)]
        );
    }

    [Fact]
    public void A_header_tells_which_chunk_it_is_to_the_vault_key_it_was_sealed_under_only()
    {
        var chunk = CryptoSamples.Seal(CryptoSamples.Plaintext(77));
        using var vaultKey = CryptoSamples.VaultKey();
        using var otherKey = CryptoSamples.VaultKey(seed: 9);
        using var otherVersion = CryptoSamples.VaultKey(version: 2);

        Assert.Equal((CryptoSamples.Identity, 77), ChunkCipher.TryReadLabel(chunk, vaultKey));
        Assert.Null(ChunkCipher.TryReadLabel(chunk, otherKey));
        Assert.Null(ChunkCipher.TryReadLabel(chunk, otherVersion));
        Assert.Null(ChunkCipher.TryReadLabel(chunk.AsSpan(0, SealedChunk.HeaderBytes - 1), vaultKey));
        Assert.Null(ChunkCipher.TryReadLabel(new byte[SealedChunk.HeaderBytes], vaultKey));
    }

    [Fact]
    public void A_failed_open_leaves_no_plaintext_and_names_video_chunk_and_offset()
    {
        var chunk = CryptoSamples.Seal(CryptoSamples.Plaintext(2 * N));
        chunk[^1] ^= 1;
        using var dataKey = CryptoSamples.DataKey();
        using var cipher = ChunkCipher.CreateToOpen(dataKey, CryptoSamples.Identity, CryptoSamples.Salt(), 2 * N);
        var opened = CryptoSamples.Bytes(2 * N, 7);

        var exception = Assert.Throws<IntegrityException>(() => cipher.Open(chunk, opened));

        Assert.All(opened, b => Assert.Equal(0, b));
        Assert.Contains(CryptoSamples.Video.ToString(), exception.Message, StringComparison.Ordinal);
        Assert.Contains("chunk 3 ", exception.Message, StringComparison.Ordinal);
        Assert.Contains("offset 65536", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_its_owner_gave_up_seals_nothing()
    {
        var dataKey = CryptoSamples.DataKey();
        using var vaultKey = CryptoSamples.VaultKey();
        dataKey.Dispose();

        Assert.Throws<ObjectDisposedException>(() =>
            ChunkCipher.Create(dataKey, vaultKey, CryptoSamples.Identity, CryptoSamples.Salt(), 1)
        );
        Assert.Throws<ObjectDisposedException>(() => vaultKey.Wrap(dataKey, new KeyBinding(CryptoSamples.Video, 1, 1, "1x1")));
    }

    static void OpenBlock(ChunkCipher cipher, byte[] chunk, int block, byte[] destination)
    {
        var length = SealedChunk.BlockLength(destination.Length, block);
        cipher.OpenBlock(
            block,
            chunk.AsSpan(SealedChunk.BlockOffset(block), length + SealedChunk.TagBytes),
            destination.AsSpan(block * N, length)
        );
    }

    static void AssertDoesNotOpen(byte[] chunk, int length, DataKey? dataKey = null, ChunkIdentity? identity = null)
    {
        using var right = CryptoSamples.DataKey();
        using var cipher = ChunkCipher.CreateToOpen(dataKey ?? right, identity ?? CryptoSamples.Identity, CryptoSamples.Salt(), length);
        var opened = CryptoSamples.Bytes(length, 7);

        Assert.Throws<IntegrityException>(() => cipher.Open(chunk, opened));
        Assert.DoesNotContain(opened, b => b != 0);
    }
}
