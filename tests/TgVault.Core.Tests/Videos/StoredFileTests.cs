using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Videos;

namespace TgVault.Core.Tests.Videos;

public sealed class StoredFileTests
{
    static readonly FileChunks Chunks = new([NewFile(0, "2x65536,1x77"), NewFile(1, "1x5"), NewFile(12, "1x65536,1x1")]);

    [Theory]
    [InlineData(0, 0, 65_536)]
    [InlineData(2, 2, 77)]
    [InlineData(3, 100_000, 5)]
    [InlineData(4, 1_200_000, 65_536)]
    [InlineData(5, 1_200_001, 1)]
    public void A_place_leads_to_one_chunk_of_one_file(int place, int number, int lengthBytes) =>
        Assert.Equal((number, lengthBytes), (Chunks[place].Number.Value, Chunks[place].Span.LengthBytes));

    [Theory]
    [InlineData(-1)]
    [InlineData(6)]
    public void Beyond_the_last_chunk_there_is_none(int place) => Assert.Throws<ArgumentOutOfRangeException>(() => Chunks[place]);

    [Fact]
    public void The_bytes_of_the_first_so_many_chunks_add_up()
    {
        Assert.Equal((6, 196_691L), (Chunks.Count, Chunks.LengthBytes));
        Assert.Equal([0, 65_536, 131_072, 131_149, 131_154, 196_690, 196_691], Enumerable.Range(0, 7).Select(Chunks.BytesOf));
    }

    static StoredFile NewFile(int number, string plan) =>
        new(VideoId.New(DateTimeOffset.UnixEpoch), 1, number, [], ChunkPlan.TryParse(plan)!, new WrappedKey(1, new byte[80]));
}
