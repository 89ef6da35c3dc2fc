using TgVault.Core.Mp4.Movie;
using TgVault.Testing;
using static TgVault.Core.Tests.Mp4.Source;

namespace TgVault.Core.Tests.Mp4;

public sealed class Mp4LayoutTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("h264-aac.mp4", false, false)]
    [InlineData("h264-aac-faststart.mp4", true, false)]
    [InlineData("mov.mov", false, false)]
    [InlineData("fragmented.mp4", true, true)]
    public async Task The_boxes_of_a_real_file_are_found_without_reading_its_media(string clip, bool faststart, bool fragmented)
    {
        using var source = new Source(await Mp4Clips.PathAsync(clip));

        var layout = await source.LayoutAsync();

        Assert.Equal(faststart, layout.IsFaststart);
        Assert.Equal(fragmented, layout.IsFragmented);
        Assert.NotNull(layout.FileType);
        Assert.InRange(source.BytesRead, 1, 16 * 1024);
    }

    [Fact(Timeout = 30_000)]
    public async Task Large_sizes_and_a_size_to_the_end_are_understood()
    {
        byte[] file =
        [
            .. Box("moov", 1, 2),
            .. Bytes(1),
            .. Bytes("mdat"),
            .. Bytes(20L),
            .. Bytes(7),
            .. Bytes(0),
            .. Bytes("mdat"),
            .. Bytes(5L),
        ];

        var layout = await new Source(file).LayoutAsync();

        Assert.Equal(
            [(0L, 16L, 8), (16L, 20L, 16), (36L, 16L, 8)],
            layout.Boxes.Select(box => (box.Offset, box.LengthBytes, box.HeaderBytes))
        );
        Assert.True(layout.IsFaststart);
        Assert.Null(layout.FileType);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_few_bytes_behind_the_last_box_are_padding()
    {
        var layout = await new Source([.. Box("mdat"), .. Box("moov"), 0, 0, 0, 0, 0, 0, 0]).LayoutAsync();

        Assert.Equal(2, layout.Boxes.Length);
        Assert.False(layout.IsFaststart);
    }

    public static TheoryData<string, byte[]> Unusable =>
        new()
        {
            { "This is not an MP4 file.", [] },
            { "This is not an MP4 file.", Bytes("\0\0\0\u0008ft") },
            { "This is not an MP4 file.", Bytes("A text that somebody named clip.mp4") },
            { "no index", Box("ftyp", "isom", 0) },
            { "no index", [.. Box("ftyp", "isom", 0), .. Box("mdat", 1, 2, 3)] },
            { "only 15 are left", [.. Box("ftyp", "isom", 0), .. Box("moov", 1, 2)[..15]] },
            { "only 8 are left", [.. Box("moov", 1), .. Bytes(int.MaxValue), .. Bytes("mdat")] },
            { "only 8 are left", [.. Box("moov", 1), .. Bytes(-1), .. Bytes("mdat")] },
            { "only 16 are left", [.. Box("moov", 1), .. Bytes(1), .. Bytes("mdat"), .. Bytes(-1L)] },
            { "only 16 are left", [.. Box("moov", 1), .. Bytes(1), .. Bytes("mdat"), .. Bytes(long.MaxValue)] },
            { "cut short", [.. Box("moov", 1), .. Bytes(1), .. Bytes("mdat"), .. Bytes(16)] },
            { "less than its own header", [.. Box("moov", 1), .. Bytes(7), .. Bytes("mdat")] },
            { "less than its own header", [.. Box("moov", 1), .. Bytes(1), .. Bytes("mdat"), .. Bytes(15L)] },
            { "more than one index", [.. Box("moov", 1), .. Box("moov", 1)] },
            { "boxes side by side", [.. Enumerable.Repeat(Box("free"), Mp4Layout.MaxBoxes + 1).SelectMany(box => box)] },
        };

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Unusable))]
    public async Task What_is_no_whole_MP4_is_refused_with_the_reason(string reason, byte[] file)
    {
        var refusal = await Assert.ThrowsAsync<MediaException>(() => new Source(file).LayoutAsync());

        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }
}
