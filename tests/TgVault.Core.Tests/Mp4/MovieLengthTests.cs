using System.Buffers.Binary;
using TgVault.Core.Mp4.Movie;
using TgVault.Testing;

namespace TgVault.Core.Tests.Mp4;

/// <summary>The header of a movie says how long it is, and players believe it.</summary>
public sealed class MovieLengthTests
{
    static readonly Lazy<Task<byte[]>> Film = new(() => OddTablesTests.MakeAsync("-c:v libx264 -preset ultrafast -bf 2 -c:a aac"));

    [Theory(Timeout = 60_000)]
    [InlineData(0)]
    [InlineData(60_000)]
    [InlineData(-1)]
    [InlineData(3_000)]
    public async Task A_header_that_is_wrong_is_corrected_where_moov_moves(int told)
    {
        var film = Mp4Patch.Write(await Film.Value, "moov/mvhd", 16, told);

        var source = new Source(film);
        Assert.Equal(4, MovieLength.Wrong(await source.HeadAsync())!.ShownSeconds, 0.03);
        Assert.Equal(4, await DurationAsync(source), 0.03);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_wide_header_is_corrected_too()
    {
        var film = Mp4Patch.Change(
            await Film.Value,
            "moov/mvhd",
            payload => [.. Source.Bytes(0x0100_0000), .. new byte[16], .. payload[12..16], .. Source.Bytes(long.MaxValue), .. payload[20..]]
        );

        Assert.Equal(4, await DurationAsync(new Source(film)), 0.03);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_edit_lists_show_counts_as_far_as_there_is_something()
    {
        var shorter = Mp4Patch.Edits(Mp4Patch.Edits(await Film.Value, 0, (500, -1), (1500, 1024)), 1, (2000, 1024));
        Assert.Equal(2, MovieLength.Wrong(await new Source(shorter).HeadAsync())!.ShownSeconds, 0.03);

        var longer = Mp4Patch.Edits(Mp4Patch.Edits(await Film.Value, 0, (90_000, 1024)), 1, (90_000, 1024));
        Assert.Null(MovieLength.Wrong(await new Source(longer).HeadAsync()));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("mov.mov")]
    [InlineData("h264-bframes.mp4")]
    [InlineData("tracks.mp4")]
    [InlineData("cut.mp4")]
    [InlineData("vp9-opus.mp4")]
    public async Task A_header_that_is_right_stays(string clip)
    {
        using var source = new Source(await Mp4Clips.PathAsync(clip));

        Assert.Null(MovieLength.Wrong(await source.HeadAsync()));
    }

    static async Task<double> DurationAsync(Source source)
    {
        var moov = (await source.RelocateAsync()).Moved.MoovPayload;
        var mvhd = TrackBox.Required(moov, Core.Mp4.Boxes.BoxType.Mvhd).ToArray();
        return mvhd[0] == 1
            ? BinaryPrimitives.ReadInt64BigEndian(mvhd.AsSpan(24)) / (double)BinaryPrimitives.ReadUInt32BigEndian(mvhd.AsSpan(20))
            : BinaryPrimitives.ReadUInt32BigEndian(mvhd.AsSpan(16)) / (double)BinaryPrimitives.ReadUInt32BigEndian(mvhd.AsSpan(12));
    }
}
