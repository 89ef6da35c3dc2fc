using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Xml.Linq;
using TgVault.Core.Mp4.Fragments;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Playback;
using TgVault.Core.Playback.Dash;
using TgVault.Core.Playback.Hls;
using TgVault.Testing;

namespace TgVault.Core.Tests.Mp4;

/// <summary>
/// Whatever bytes come in, reading ends in a result that holds or in MediaException. The run is short here;
/// <c>TGVAULT_FUZZ_SECONDS=600</c> makes it long, from another seed each time.
/// </summary>
public sealed class HostileMp4Tests
{
    [Fact(Timeout = 3_600_000)]
    public async Task Damaged_files_are_relocated_rightly_or_refused()
    {
        var clip = await File.ReadAllBytesAsync(await Mp4Clips.PathAsync("second.mp4"));
        var layout = await new Source(clip).LayoutAsync();
        var moov = clip[(int)layout.Moov.Offset..(int)layout.Moov.End];
        // moov behind mdat, so that relocation has something to do.
        byte[] original = [.. clip[..(int)layout.Moov.Offset], .. clip[(int)layout.Moov.End..], .. moov];

        await ForSeedsAsync(4000, async seed =>
        {
            var source = new Source(Mutation.Apply(original, original.Length - moov.Length, original.Length, seed));
            var relocation = await source.RelocateAsync();
            var result = new Source([.. relocation.Head.ToArray(), .. relocation.Media.SelectMany(source.Read)]);
            Assert.Equal(relocation.LengthBytes, result.LengthBytes);
            Assert.True((await result.LayoutAsync()).IsFaststart);
            // What is in place already does not move again: every offset still points into the same media.
            Assert.Equal(relocation.Head.ToArray(), (await result.RelocateAsync()).Head.ToArray());
        });
    }

    [Theory(Timeout = 3_600_000)]
    [InlineData("second.mp4", 1500)]
    [InlineData("second-fragmented.mp4", 1000)]
    public async Task Damaged_files_are_cut_into_segments_inside_them_or_refused(string clip, int count)
    {
        var original = await File.ReadAllBytesAsync(await Mp4Clips.PathAsync(clip));
        var moov = (await new Source(original).LayoutAsync()).Moov;
        var parsed = clip == "second.mp4" ? (int)moov.End : original.Length;

        await ForSeedsAsync(count, async seed =>
        {
            var source = new Source(Mutation.Apply(original, 0, parsed, seed));
            var index = await source.IndexAsync();
            for (var track = 0; track < index.Tracks.Length; track++)
            {
                Assert.NotEmpty(InitSegment.Write(index, track));
                for (var number = 0; number < Math.Min(20, MediaSegment.Count(index, track)); number++)
                {
                    Assert.Equal(MediaSegment.LengthOf(index, track, number), source.Read(MediaSegment.Find(index, track, number)!).Length);
                }
            }

            var file = new FragmentedFile(index);
            Assert.Equal(file.LengthBytes, file.Pieces(0, file.LengthBytes).Sum(piece => piece.LengthBytes));
            Rendition[] renditions = [new Rendition("", index)];
            XDocument.Parse(Mpd.Write(renditions, [], ""));
            Assert.NotEmpty(MultivariantPlaylist.Write(renditions, []) + MediaPlaylist.Write(index, 0));
        });
    }

    public static TheoryData<string, string, int, uint> Lies => new()
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

    [Fact(Timeout = 30_000)]
    public async Task Chunks_that_overlap_are_refused_once_they_are_more_than_the_file()
    {
        var file = await File.ReadAllBytesAsync(await Mp4Clips.PathAsync("second.mp4"));
        // Every sample as large as the whole media, all at the same place.
        for (var from = 0; file.AsSpan(from).IndexOf("stsz"u8) is var at && at >= 0; from += at + 4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(from + at + 8), 2000);
        }

        for (var from = 0; file.AsSpan(from).IndexOf("stsc"u8) is var at && at >= 0; from += at + 4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(from + at + 16), 1);
        }

        await AssertRefusedAsync("", file);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_thousand_boxes_inside_each_other_are_walked_past()
    {
        var clip = await File.ReadAllBytesAsync(await Mp4Clips.PathAsync("second.mp4"));
        var layout = await new Source(clip).LayoutAsync();
        byte[] nested = [];
        for (var i = 0; i < 1000; i++) nested = Source.Box(i % 2 == 0 ? "moov" : "udta", nested);
        byte[] file = [.. clip[..(int)layout.Moov.Offset], .. clip[(int)layout.Moov.End..], .. Source.Box("moov", nested, clip[(int)layout.Moov.PayloadOffset..(int)layout.Moov.End])];
        var source = new Source(file);

        var relocation = await source.RelocateAsync();

        // All there is but the clip's empty free box.
        Assert.Equal(file.Length - 8, relocation.LengthBytes);
        await AssertRefusedAsync("no video or audio", [.. clip[..(int)layout.Moov.Offset], .. Source.Box("moov", Source.Box("mvhd", 0, 0, 0, 1000), nested)]);
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

    static async Task AssertRefusedAsync(string reason, byte[] file)
    {
        var source = new Source(file);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();

        var refusal = await Assert.ThrowsAsync<MediaException>(() => Mp4Index.BuildAsync(source.ReadAsync, source.LengthBytes, default));

        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 1);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    static async Task ForSeedsAsync(int count, Func<int, Task> attempt)
    {
        var seconds = int.Parse(Environment.GetEnvironmentVariable("TGVAULT_FUZZ_SECONDS") ?? "0", CultureInfo.InvariantCulture);
        var first = seconds > 0 ? Random.Shared.Next(1 << 30) : 0;
        var clock = Stopwatch.StartNew();
        var refused = 0;
        var seed = first;
        for (; seed - first < count || clock.Elapsed.TotalSeconds < seconds; seed++)
        {
            try
            {
                await attempt(seed);
            }
            catch (MediaException)
            {
                refused++;
            }
            catch (Exception exception)
            {
                Assert.Fail($"Seed {seed}: {exception}");
            }
        }

        // Both outcomes must occur, or the damage is too mild or too harsh to test anything.
        Assert.InRange(refused, (seed - first) / 20, (seed - first) * 19 / 20);
    }
}
