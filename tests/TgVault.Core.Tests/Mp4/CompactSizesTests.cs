using System.Buffers.Binary;
using TgVault.Core.Mp4.Movie;

namespace TgVault.Core.Tests.Mp4;

/// <summary>stz2 (ISO 14496-12 §8.7.3.3), which no writer at hand makes.</summary>
public sealed class CompactSizesTests
{
    [Theory]
    [InlineData(4, 0x12, 0xF0)]
    [InlineData(8, 1, 2, 15)]
    [InlineData(16, 0, 1, 0, 2, 0, 15)]
    public void Sizes_of_4_8_and_16_bits_are_read(int bits, params int[] bytes)
    {
        var tables = SampleTables.Read(Source.Box("stz2", 0, bits, 3, bytes.Select(one => (byte)one).ToArray()));

        Assert.Equal(3u, tables.SampleCount);
        Assert.Equal([1, 2, 15], Enumerable.Range(0, 3).Select(i => (int)tables.Sizes.Number(i)));
    }

    [Theory]
    [InlineData(4, 5, "more than fit")]
    [InlineData(4, -1, "more than fit")]
    [InlineData(8, 3, "more than fit")]
    [InlineData(16, 2, "more than fit")]
    [InlineData(32, 0, "4, 8 or 16")]
    [InlineData(0, 0, "4, 8 or 16")]
    public void Counts_and_widths_that_cannot_be_are_refused(int bits, int count, string reason)
    {
        var box = Source.Box("stz2", 0, bits, 0, new byte[2]);
        BinaryPrimitives.WriteInt32BigEndian(box.AsSpan(16), count);

        Assert.Contains(reason, Assert.Throws<MediaException>(() => SampleTables.Read(box)).Message, StringComparison.Ordinal);
        Assert.Throws<MediaException>(() => SampleTables.Read(Source.Box("stz2", 0, 4)));
    }
}
