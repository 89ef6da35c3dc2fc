using TgVault.Core.Chunks;
using TgVault.Core.Crypto;

namespace TgVault.Core.Tests.Chunks;

public sealed class ChunkPlanTests
{
    const int MiB = 1 << 20;

    [Theory]
    [InlineData(1, 0, "1x1")]
    [InlineData((2 * MiB) - 1, 0, "1x2097151")]
    [InlineData(2 * MiB, 0, "1x2097152")]
    [InlineData((2 * MiB) + 1, 0, "1x2097152,1x1")]
    [InlineData(512L * MiB, 0, "256x2097152")]
    [InlineData(65537, 65536, "1x65536,1x1")]
    [InlineData(3 * 65536, 65536, "3x65536")]
    public void A_file_is_cut_as_the_rule_says(long length, int size, string plan)
    {
        Assert.Equal(plan, ChunkSizes.Plan(length, size).ToString());
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData((2 * MiB) + 1, 0)]
    [InlineData(512L * MiB, 0)]
    [InlineData((512L * MiB) + 1, 0)]
    [InlineData(2048L * MiB, 0)]
    [InlineData(100_000L * MiB, 0)]
    [InlineData(65537, 65536)]
    [InlineData(20_905_985, 20_905_984)]
    public void Chunks_tile_the_file_and_telegram_gives_each_back(long length, int size)
    {
        var plan = ChunkSizes.Plan(length, size);

        Assert.Equal(length, plan.LengthBytes);
        var offset = 0L;
        for (var i = 0; i < plan.Count; i++)
        {
            var span = plan[i];
            Assert.Equal(offset, span.Offset);
            Assert.Equal(i, span.Index);
            Assert.InRange(SealedChunk.SealedLength(span.LengthBytes), 1, ChunkSizes.MaxSealedBytes);
            offset = span.End;
        }

        Assert.Equal(length, offset);
    }

    [Theory]
    [InlineData(512L * MiB, 256)]
    [InlineData((512L * MiB) + 1, 256)]
    [InlineData(2048L * MiB, 256)]
    [InlineData(4000L * MiB, 256)]
    public void Automatic_cuts_stay_at_256_chunks_while_16_MiB_suffice(long length, int most)
    {
        Assert.InRange(ChunkSizes.Plan(length, 0).Count, most - 10, most);
    }

    [Fact]
    public void Long_files_begin_with_small_chunks_and_end_with_16_MiB_ones()
    {
        var plan = ChunkSizes.Plan(100_000L * MiB, 0);

        Assert.Equal(new ChunkRun(4, 2 * MiB), plan.Runs[0]);
        Assert.Equal(16 * MiB, plan.Runs[1].SizeBytes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65535)]
    [InlineData(65536)]
    [InlineData(65537)]
    [InlineData(131072)]
    [InlineData(131073)]
    public void The_chunk_at_an_offset_holds_it(long offset)
    {
        var plan = ChunkPlan.FromRuns([new ChunkRun(2, 65536), new ChunkRun(1, 2)]);

        var span = plan.At(offset);

        Assert.InRange(offset, span.Offset, span.End - 1);
        Assert.Equal(plan[span.Index], span);
    }

    [Fact]
    public void Outside_the_file_there_is_no_chunk()
    {
        var plan = ChunkPlan.FromRuns([new ChunkRun(2, 65536)]);

        Assert.Throws<ArgumentOutOfRangeException>(() => plan.At(131072));
        Assert.Throws<ArgumentOutOfRangeException>(() => plan.At(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => plan[2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => plan[-1]);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 0)]
    [InlineData(1, 1)]
    [InlineData(1, 65535)]
    [InlineData(1, 65537)]
    [InlineData(1, 20_971_520)]
    [InlineData(1L << 40, 65536)]
    public void What_cannot_be_cut_is_refused(long length, int size)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ChunkSizes.Plan(length, size));
    }

    [Fact]
    public void The_text_form_reads_back()
    {
        var plan = ChunkSizes.Plan(2048L * MiB, 0);

        Assert.Equal(plan, ChunkPlan.TryParse(plan.ToString()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0x65536")]
    [InlineData("1x0")]
    [InlineData("1x-5")]
    [InlineData("1")]
    [InlineData("1x65536,")]
    [InlineData("2000000x65536")]
    [InlineData("1x2000000000")]
    [InlineData("1x65536,2147483647x65536")]
    [InlineData("01x65536")]
    [InlineData("1x065536")]
    [InlineData("+1x65536")]
    [InlineData(" 1x65536")]
    [InlineData("1X65536")]
    [InlineData("1x65536;1x77")]
    public void Text_that_is_no_plan_is_refused(string? text)
    {
        Assert.Null(ChunkPlan.TryParse(text));
    }
}
