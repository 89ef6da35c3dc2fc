using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Playback.Open;

namespace TgVault.Core.Tests.Playback.Open;

public sealed class ReadPlanTests
{
    const long Block = SealedChunk.BlockBytes;

    // The second chunk begins in the middle of what would be a block of the first.
    static readonly ChunkPlan Chunks = ChunkPlan.FromRuns([new ChunkRun(1, 100_000), new ChunkRun(20, 16 * SealedChunk.BlockBytes)]);

    [Theory]
    [InlineData(0, 2, 0, Block)]
    [InlineData(Block - 1, 1, 0, Block)]
    [InlineData(Block - 1, 2, 0, 100_000)]
    [InlineData(Block, 1, Block, 100_000)]
    [InlineData(99_999, 2, Block, 100_000 + Block)]
    [InlineData(100_000, 1, 100_000, 100_000 + Block)]
    [InlineData(100_000 + (16 * Block) - 1, 2, 100_000 + (15 * Block), 100_000 + (17 * Block))]
    public void A_range_is_grown_to_the_blocks_of_its_chunks(long offset, long length, long start, long end)
    {
        var plan = ReadPlan.Of(Chunks, [new SourceRange(offset, length)]);

        Assert.Equal([(start, end)], StretchesOf(plan));
    }

    [Fact]
    public void Ranges_in_any_order_that_meet_in_blocks_are_one_stretch()
    {
        var plan = ReadPlan.Of(Chunks, [At(3.5, 10), At(2.2, 5), At(0, 1), At(2, 100), At(1.9, 10), At(3, 0)]);

        Assert.Equal([(100_000L, 100_000 + (4 * Block))], StretchesOf(plan));
    }

    [Fact]
    public void Gaps_are_read_over_while_that_stays_within_the_bound_smallest_first()
    {
        // Forty blocks are read, so six may be read in vain beside two for the ends; the gaps are of 1, 5, 2 and 9 blocks.
        var plan = ReadPlan.Of(Chunks, [At(0, 10 * Block), At(11, 10 * Block), At(26, 10 * Block), At(38, 5 * Block), At(52, 5 * Block)]);

        Assert.Equal(
            [(0.0, 43.0), (52, 57)],
            StretchesOf(plan).Select(stretch => ((stretch.Start - 100_000) / (double)Block, (stretch.End - 100_000) / (double)Block))
        );
    }

    [Fact]
    public void What_is_fetched_never_exceeds_the_bound_or_the_blocks_that_are_touched()
    {
        var random = new Random(3);
        for (var round = 0; round < 200; round++)
        {
            var ranges = new List<SourceRange>();
            var offset = random.NextInt64(1_000_000);
            for (var i = random.Next(1, 60); i > 0 && offset < Chunks.LengthBytes - 600_000; i--)
            {
                ranges.Add(new SourceRange(offset, random.Next(1, random.Next(1, 300_000))));
                offset = ranges[^1].End + random.Next(0, random.Next(1, 300_000));
            }

            var stretches = StretchesOf(ReadPlan.Of(Chunks, ranges));
            var touched = ranges
                .SelectMany(range => PlaybackParts.BlocksOf(Chunks, range.Offset, range.LengthBytes))
                .Distinct()
                .Sum(block => (long)SealedChunk.BlockLength(Chunks[block.Chunk].LengthBytes, block.Block));

            Assert.InRange(
                stretches.Sum(stretch => stretch.End - stretch.Start),
                touched,
                Math.Max(touched, (ranges.Sum(range => range.LengthBytes) * 1.15) + (2 * Block))
            );
            Assert.All(ranges, range => Assert.Contains(stretches, stretch => stretch.Start <= range.Offset && range.End <= stretch.End));
        }
    }

    static SourceRange At(double block, long length) => new(100_000 + (long)(block * Block), length);

    static List<(long Start, long End)> StretchesOf(ReadPlan plan)
    {
        var stretches = new List<(long, long)>();
        for (var offset = 0L; plan.From(offset) is { } stretch; offset = stretch.End)
        {
            Assert.Equal(stretch, plan.From(stretch.Start));
            stretches.Add(stretch);
        }

        return stretches;
    }
}
