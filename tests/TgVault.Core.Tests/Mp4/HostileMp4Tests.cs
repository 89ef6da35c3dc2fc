using System.Buffers.Binary;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Index;
using TgVault.Testing;

namespace TgVault.Core.Tests.Mp4;

/// <summary>Files made to lead a parser astray, one lie each: all are refused in few reads and 64 MiB, with a reason.</summary>
public sealed class HostileMp4Tests
{
    // How often all of a file may be read.
    const int MostReads = 2;

    public static TheoryData<string, string, int, uint> Lies =>
        new()
        {
            // What it is, the box, the place behind its letters, the number put there.
            { "times for", "stts", 8, 1 },
            { "more than fit", "stts", 4, uint.MaxValue },
            { "times for", "stts", 4, 0 },
            { "more than fit", "stsz", 8, uint.MaxValue },
            { "more than fit", "stsz", 8, 0x4000_0000 },
            { "larger than the file", "stsz", 4, 0x1000_0000 },
            { "past the end", "stsz", 12, 0x7FFF_FFFF },
            { "past the end", "stsz", 12, uint.MaxValue },
            { "chunks hold", "stsc", 12, 0 },
            { "first chunk", "stsc", 4, 0 },
            { "first chunk", "stsc", 8, 2 },
            { "more than fit", "stsc", 4, uint.MaxValue },
            { "codec settings", "stsc", 16, 2 },
            { "past the end", "stco", 8, uint.MaxValue },
            { "more than fit", "stco", 4, uint.MaxValue },
            { "chunks hold", "stco", 4, 1 },
            { "timescale", "mdhd", 12, 0 },
            { "timescale", "mvhd", 12, 0 },
            { "more than fit", "elst", 4, uint.MaxValue },
            { "another speed", "elst", 16, 0x8000 },
            { "less than its own header", "tkhd", -4, 7 },
            { "only", "trak", -4, uint.MaxValue },
            { "only", "stbl", -4, 0x7FFF_FFFF },
            { "no entry", "stsd", -4, 16 },
            { "cut short", "avcC", -4, 9 },
            { "more than fit", "stss", 4, uint.MaxValue },
            { "more than fit", "stts", 4, 0x8000_0000 },
            { "codec settings", "stsc", 16, 0 },
            { "cut short", "hdlr", -4, 12 },
            { "more than fit", "ctts", 4, 0x2000_0000 },
        };

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Lies))]
    public async Task Boxes_that_lie_are_refused_at_once_and_in_little_memory(string reason, string box, int at, uint number)
    {
        var file = await File.ReadAllBytesAsync(await Mp4Clips.PathAsync("second.mp4"));
        var letters = file.AsSpan().IndexOf(Source.Bytes(box));
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(letters + 4 + at - (at < 0 ? 4 : 0)), number);

        await AssertRefusedAsync(reason, file);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("stco", 8, uint.MaxValue)]
    [InlineData("stco", 8, 0)]
    [InlineData("stco", 4, uint.MaxValue)]
    [InlineData("trak", -4, uint.MaxValue)]
    [InlineData("stbl", -4, 0x7FFF_FFFF)]
    [InlineData("mdat", -4, 0xFFFF_FFF0)]
    public async Task Lies_about_where_things_are_stop_relocation_as_fast(string box, int at, uint number)
    {
        var file = await File.ReadAllBytesAsync(await Mp4Clips.PathAsync("h264-bframes.mp4"));
        // Not the letters that media may have by chance.
        var from = box == "mdat" ? 0 : (int)(await new Source(file).LayoutAsync()).Moov.Offset;
        var letters = from + file.AsSpan(from).IndexOf(Source.Bytes(box));
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(letters + 4 + at - (at < 0 ? 4 : 0)), number);

        var source = new Source(file);
        await AssertRefusedAsync("", source, source.RelocateAsync);
    }

    [Fact(Timeout = 30_000)]
    public async Task Runs_of_a_track_that_nobody_asked_for_are_not_counted_through()
    {
        var clip = await File.ReadAllBytesAsync(await Mp4Clips.PathAsync("second-fragmented.mp4"));
        // 20,000 runs of 8 million samples without a field of their own: 160 thousand million samples in 320 kB.
        byte[] run = Source.Box("trun", 0, 8_000_000);
        byte[] moof = Source.Box(
            "moof",
            Source.Box("mfhd", 0, 1),
            Source.Box("traf", Source.Box("tfhd", 0x20000, 99), Enumerable.Repeat(run, 20_000).SelectMany(box => box).ToArray())
        );
        var at = clip.AsSpan().IndexOf("moof"u8) - 4;
        var source = new Source([.. clip[..at], .. moof, .. clip[at..]]);

        // Counted through they would take minutes, which the time limit of the test does not give.
        var index = await Task.Run(() => Mp4Index.BuildAsync(source.ReadAsync, source.LengthBytes, default));

        Assert.InRange(source.BytesRead, 0, MostReads * source.LengthBytes);
        Assert.Equal(10, index.Tracks[0].SampleCount);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(false, "together larger than the file")]
    [InlineData(true, "overlap")]
    public async Task Chunks_that_overlap_are_refused_once_they_are_more_than_the_file(bool eachTold, string reason)
    {
        var file = await File.ReadAllBytesAsync(await Mp4Clips.PathAsync("second.mp4"));
        var media = (await new Source(file).LayoutAsync()).Boxes.Single(box => box.Type == BoxType.Mdat);
        const int perChunk = 5;
        var size = (int)media.LengthBytes / (perChunk + 1);
        // Every chunk is nearly as large as the media, and all begin where the media does.
        ForEach(
            "stsz",
            at =>
            {
                var count = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at + 12));
                if (!eachTold)
                    BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(at + 8), size);
                for (var i = 0; eachTold && i < count; i++)
                    BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(at + 16 + (4 * i)), size);
            }
        );
        ForEach(
            "stsc",
            at =>
            {
                BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(at + 8), 1);
                BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(at + 16), perChunk);
            }
        );
        ForEach(
            "stco",
            at =>
            {
                var count = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at + 8));
                for (var i = 0; i < count; i++)
                    BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(at + 12 + (4 * i)), (int)media.PayloadOffset);
            }
        );

        await AssertRefusedAsync(reason, file);

        void ForEach(string box, Action<int> change)
        {
            for (var from = 0; file.AsSpan(from).IndexOf(Source.Bytes(box)) is var at && at >= 0; from += at + 4)
                change(from + at);
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task A_thousand_boxes_inside_each_other_are_walked_past()
    {
        var clip = await File.ReadAllBytesAsync(await Mp4Clips.PathAsync("second.mp4"));
        var layout = await new Source(clip).LayoutAsync();
        byte[] nested = [];
        for (var i = 0; i < 1000; i++)
            nested = Source.Box(i % 2 == 0 ? "moov" : "udta", nested);
        byte[] file =
        [
            .. clip[..(int)layout.Moov.Offset],
            .. clip[(int)layout.Moov.End..],
            .. Source.Box("moov", nested, clip[(int)layout.Moov.PayloadOffset..(int)layout.Moov.End]),
        ];
        var source = new Source(file);

        var relocation = await source.RelocateAsync();

        // All there is but the clip's empty free box.
        Assert.Equal(file.Length - 8, relocation.LengthBytes);
        await AssertRefusedAsync(
            "no video or audio",
            [.. clip[..(int)layout.Moov.Offset], .. Source.Box("moov", Source.Box("mvhd", 0, 0, 0, 1000), nested)]
        );
    }

    [Theory(Timeout = 30_000)]
    [InlineData(0u, "samples")]
    [InlineData(0x200u, "cut short")]
    public async Task A_fragment_that_claims_four_billion_samples_is_refused(uint fields, string reason)
    {
        var clip = await File.ReadAllBytesAsync(await Mp4Clips.PathAsync("second-fragmented.mp4"));
        var at = clip.AsSpan().IndexOf("trun"u8);
        BinaryPrimitives.WriteUInt32BigEndian(clip.AsSpan(at + 4), fields);
        BinaryPrimitives.WriteUInt32BigEndian(clip.AsSpan(at + 8), fields == 0 ? uint.MaxValue : 8_000_000);

        await AssertRefusedAsync(reason, clip);
    }

    static Task AssertRefusedAsync(string reason, byte[] file)
    {
        var source = new Source(file);
        return AssertRefusedAsync(reason, source, () => Mp4Index.BuildAsync(source.ReadAsync, source.LengthBytes, default));
    }

    static async Task AssertRefusedAsync(string reason, Source source, Func<Task> attempt)
    {
        // On a thread of its own, so that the time limit of the test ends an attempt that does not end by itself.
        var (refusal, allocated) = await Task.Run(async () =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var thrown = await Assert.ThrowsAsync<MediaException>(attempt);
            return (thrown, GC.GetAllocatedBytesForCurrentThread() - before);
        });

        Assert.InRange(allocated, 0, 64 << 20);
        Assert.InRange(source.BytesRead, 0, MostReads * source.LengthBytes);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }
}
