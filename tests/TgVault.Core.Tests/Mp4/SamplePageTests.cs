using System.IO.Compression;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Mp4.Index.Columns;
using TgVault.Core.Mp4.Movie;

namespace TgVault.Core.Tests.Mp4;

public sealed class SamplePageTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, SamplePage.MaxSamples)]
    [InlineData(2, SamplePage.MaxSamples - 1)]
    [InlineData(32, SamplePage.MaxSamples)]
    public void Samples_of_every_magnitude_come_back_as_they_were(int tracks, int count)
    {
        var random = new Random(count + tracks);
        var samples = new (int Track, Sample Sample)[count];
        for (var i = 0; i < count; i++)
        {
            var sample = new Sample(
                random.NextInt64(long.MaxValue - int.MaxValue),
                (int)Any(random, int.MaxValue),
                (uint)Any(random, uint.MaxValue),
                (int)(Any(random, uint.MaxValue) + int.MinValue),
                random.Next(2) == 0
            );
            samples[i] = (random.Next(tracks), sample);
        }

        var page = SamplePage.Unpack(SamplePage.Pack(samples, tracks));

        for (var track = 0; track < tracks; track++)
            Assert.Equal(samples.Where(sample => sample.Track == track).Select(sample => sample.Sample), page[track].ToArray());
    }

    [Fact]
    public void A_page_of_film_stays_off_the_large_object_heap()
    {
        var samples = Enumerable.Repeat((0, new Sample(0, 1000, 512, 1024, true)), SamplePage.MaxSamples).ToArray();

        Assert.InRange(SamplePage.Unpack(SamplePage.Pack(samples, 1)).MemoryBytes, SamplePage.MaxSamples * 21, 85_000);
    }

    [Theory]
    [InlineData("more samples than a page holds")]
    [InlineData("more bytes than the samples need")]
    [InlineData("fewer")]
    [InlineData("none")]
    [InlineData("a track that is not there")]
    [InlineData("more samples of a track than told")]
    [InlineData("a size below 0")]
    public void A_page_that_lies_is_refused_in_little_memory(string lie)
    {
        const int row = PageColumns.RowBytes;
        (byte[] Columns, int[] Counts) told = lie switch
        {
            "more samples than a page holds" => (new byte[(SamplePage.MaxSamples + 1) * row], [SamplePage.MaxSamples + 1]),
            "more bytes than the samples need" => (new byte[8 << 20], [2]),
            "fewer" => (new byte[row], [2]),
            "none" => ([], [2]),
            "a track that is not there" => ([2, .. new byte[row - 1]], [1, 0]),
            "more samples of a track than told" => (new byte[2 * row], [1, 1]),
            _ => ([.. new byte[row - 1], 0x80], [1]),
        };
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(told.Columns.Length)];
        Assert.True(BrotliEncoder.TryCompress(told.Columns, packed, out var length, quality: 1, window: 22));
        var entry = new PageEntry(packed.AsMemory(0, length), 0, told.Counts);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<MediaException>(() => SamplePage.Unpack(entry));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void What_Brotli_cannot_unpack_is_refused()
    {
        var entry = SamplePage.Pack([(0, new Sample(0, 1000, 512, 1024, true)), (0, new Sample(1000, 700, 512, 0, false))], 1);

        for (var length = 0; length < entry.Packed.Length; length++)
            Assert.Throws<MediaException>(() => SamplePage.Unpack(entry with { Packed = entry.Packed[..length] }));
    }

    static long Any(Random random, long max) =>
        random.Next(6) switch
        {
            0 => 0,
            1 => max,
            _ => random.NextInt64(max) >> random.Next(32),
        };
}
