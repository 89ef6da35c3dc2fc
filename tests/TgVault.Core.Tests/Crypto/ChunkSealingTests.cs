using TgVault.Core.Crypto;

namespace TgVault.Core.Tests.Crypto;

/// <summary>Chunks that are sealed and read back piece by piece are the chunks that the vectors hold.</summary>
public sealed class ChunkSealingTests
{
    const int N = SealedChunk.BlockBytes;

    public static TheoryData<int> Lengths => [1, N, N + 1, (16 * N) - 1, 16 * N, (16 * N) + 1, (32 * N) + 5];

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Lengths))]
    public async Task A_chunk_sealed_in_pieces_is_the_one_that_is_sealed_at_once(int length)
    {
        var plaintext = CryptoSamples.Plaintext(length);
        using var keys = new Keys(length);
        var document = new byte[SealedChunk.SealedLength(length)];

        await keys.Cipher.SealAsync(Reader(plaintext, []), document, default);

        Assert.Equal(CryptoSamples.Seal(plaintext), document);
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Lengths))]
    public async Task A_chunk_is_read_back_whole_and_in_order_a_MiB_at_a_time_with_its_header_in_the_first_read(int length)
    {
        var document = CryptoSamples.Seal(CryptoSamples.Plaintext(length));
        using var keys = new Keys(length);
        var reads = new List<(long Offset, int Length)>();

        await keys.Cipher.CheckAsync(Reader(document, reads), default);

        Assert.Equal(((SealedChunk.BlockCount(length) - 1) / 16) + 1, reads.Count);
        var next = 0L;
        foreach (var (offset, read) in reads)
        {
            Assert.Equal(next, offset);
            next += read;
        }

        Assert.Equal(document.Length, next);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_chunk_of_2_MiB_costs_two_reads()
    {
        using var keys = new Keys(2 << 20);
        var reads = new List<(long Offset, int Length)>();

        await keys.Cipher.CheckAsync(Reader(CryptoSamples.Seal(CryptoSamples.Plaintext(2 << 20)), reads), default);

        Assert.Equal(2, reads.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_flipped_bit_anywhere_is_found_when_a_chunk_is_read_back()
    {
        const int length = (17 * N) + 9;
        var document = CryptoSamples.Seal(CryptoSamples.Plaintext(length));
        using var keys = new Keys(length);
        int[] positions =
        [
            0,
            8,
            SealedChunk.HeaderBytes - 1,
            SealedChunk.HeaderBytes,
            SealedChunk.BlockOffset(1) - 1,
            SealedChunk.BlockOffset(16) - 1,
            SealedChunk.BlockOffset(16),
            SealedChunk.BlockOffset(17),
            document.Length - 1,
        ];

        foreach (var position in positions)
        {
            document[position] ^= 4;
            await Assert.ThrowsAsync<IntegrityException>(() => keys.Cipher.CheckAsync(Reader(document, []), default));
            document[position] ^= 4;
        }

        await keys.Cipher.CheckAsync(Reader(document, []), default);
    }

    [Fact]
    public void Blocks_that_do_not_open_in_place_leave_no_plaintext()
    {
        const int length = 3 * N;
        var blocks = CryptoSamples.Seal(CryptoSamples.Plaintext(length))[SealedChunk.HeaderBytes..];
        blocks[^1] ^= 1;
        using var keys = new Keys(length);

        var exception = Assert.Throws<IntegrityException>(() => keys.Cipher.OpenBlocksInPlace(0, blocks));

        Assert.Contains("Block 2 ", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(blocks, b => b != 0);
    }

    static ReadBytes Reader(byte[] bytes, List<(long Offset, int Length)> reads) =>
        (offset, destination, _) =>
        {
            reads.Add((offset, destination.Length));
            bytes.AsMemory((int)offset, destination.Length).CopyTo(destination);
            return Task.CompletedTask;
        };

    sealed class Keys : IDisposable
    {
        readonly DataKey _dataKey = CryptoSamples.DataKey();
        readonly VaultKey _vaultKey = CryptoSamples.VaultKey();

        public Keys(int length) => Cipher = ChunkCipher.Create(_dataKey, _vaultKey, CryptoSamples.Identity, CryptoSamples.Salt(), length);

        public ChunkCipher Cipher { get; }

        public void Dispose()
        {
            Cipher.Dispose();
            _dataKey.Dispose();
            _vaultKey.Dispose();
        }
    }
}
