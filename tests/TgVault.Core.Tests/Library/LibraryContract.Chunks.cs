namespace TgVault.Core.Tests.Library;

/// <summary>The records of chunks.</summary>
public abstract partial class LibraryContract
{
    [Fact(Timeout = 60_000)]
    public async Task An_earlier_chunk_record_wins()
    {
        var library = await NewCatalogue();
        var id = VideoId.New(Noon);
        var first = NewChunk(7);

        AssertSame(first, await library.AddChunkAsync(id, 1, first, None));
        AssertSame(first, await library.AddChunkAsync(id, 1, NewChunk(7) with { LengthBytes = 1 }, None));

        AssertSame(first, await library.FindChunkAsync(id, 1, new ChunkNumber(7), None));
        Assert.Null(await library.FindChunkAsync(id, 2, new ChunkNumber(7), None));
        Assert.Null(await library.FindChunkAsync(id, 1, new ChunkNumber(8), None));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(0, 4, new[] { 0, 2, 3 })]
    [InlineData(1, 1, new int[0])]
    [InlineData(2, 2, new[] { 2, 3 })]
    [InlineData(3, 8, new[] { 3, 10 })]
    [InlineData(3, 7, new[] { 3 })]
    [InlineData(11, 99_989, new[] { 9_999, 99_999 })]
    [InlineData(9_999_000, int.MaxValue, new[] { 9_999_999, 10_000_000, 100_000_000, 999_999_999 })]
    [InlineData(99_999, 9_900_001, new[] { 99_999, 9_999_999 })]
    [InlineData(10_000_000, 100_000, new[] { 10_000_000 })]
    [InlineData(0, 0, new int[0])]
    public async Task A_range_of_chunks_comes_in_order_without_the_missing(int first, int count, int[] expected)
    {
        var library = await NewCatalogue();
        var id = VideoId.New(Noon);
        foreach (var index in new[] { 10, 3, 100_000_000, 0, 2, 999_999_999, 10_000_000, 99_999, 9_999, 9_999_999 })
            await library.AddChunkAsync(id, 1, NewChunk(index), None);
        await library.AddChunkAsync(id, 10, NewChunk(1), None);

        Assert.Equal(expected, await Chunks(library, id, 1, first, count));
    }

    [Fact(Timeout = 60_000)]
    public async Task Removing_one_chunk_makes_room_for_another_under_its_number()
    {
        var library = await NewCatalogue();
        var id = VideoId.New(Noon);
        foreach (var index in new[] { 0, 1 })
            await library.AddChunkAsync(id, 1, NewChunk(index), None);

        await library.RemoveChunkAsync(id, 1, new ChunkNumber(0), None);
        await library.RemoveChunkAsync(id, 1, new ChunkNumber(0), None);

        Assert.Null(await library.FindChunkAsync(id, 1, new ChunkNumber(0), None));
        Assert.NotNull(await library.FindChunkAsync(id, 1, new ChunkNumber(1), None));
        var other = NewChunk(0) with { LengthBytes = 5 };
        AssertSame(other, await library.AddChunkAsync(id, 1, other, None));
    }
}
