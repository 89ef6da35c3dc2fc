using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Fragments;
using TgVault.Core.Mp4.Index;
using TgVault.Testing;
using Xunit.Abstractions;

namespace TgVault.Web.Tests;

/// <summary>
/// What segments and ranges cost the chunk store, over real Kestrel, for files as ffmpeg interleaves them and with the chunks that they get
/// when they are stored. A video segment may cost 1.15 times its length and a block per end; its sound lies in small pieces among the
/// pictures, so an audio segment costs exactly the blocks that its samples are in, which are mostly the ones that the video segment costs.
/// </summary>
public sealed class SegmentCostTests(ITestOutputHelper output)
{
    const int SealedBlock = SealedChunk.SealedBlockBytes;

    [Theory(Timeout = 120_000)]
    [InlineData("rate-800k.mp4")]
    [InlineData("rate-3m.mp4")]
    [InlineData("rate-8m.mp4")]
    [InlineData("rate-3m-tracks.mp4")]
    public async Task A_segment_costs_what_its_samples_are_in(string clip)
    {
        var index = await IndexAsync(clip);
        await using var parts = await ServeAsync(clip);
        await using var soundParts = await ServeAsync(clip);
        var (media, video, sound, blocks) = (0L, 0L, 0L, 0L);
        // Every other one, and not the first: neighbours share a block, and the second to come gets it free; the file's first was read for
        // the index.
        for (var number = 1; number < MediaSegment.Count(index, 0) - 1; number += 2)
        {
            var (length, cost) = await FetchAsync(parts, $"hls/0/{number}.m4s");
            Assert.InRange(cost, length, (1.15 * length) + (2 * SealedBlock));

            var (soundLength, soundCost) = await FetchAsync(soundParts, $"hls/1/{number}.m4s");
            var touched = BlocksOf(parts.Video.Plan, MediaSegment.Find(index, 1, number)!.Ranges);
            Assert.Equal(touched.Sum(block => block.SealedBytes), soundCost);

            (media, video, sound, blocks) = (media + length + soundLength, video + cost, sound + soundCost, blocks + touched.Count);
        }

        output.WriteLine($"{clip}: {media} bytes of segments; video alone {video}, sound alone {sound} in {blocks} blocks");
    }

    [Theory(Timeout = 120_000)]
    [InlineData("rate-800k.mp4")]
    [InlineData("rate-8m.mp4")]
    public async Task Picture_and_sound_of_one_segment_fetch_no_block_twice(string clip)
    {
        var index = await IndexAsync(clip);
        await using var parts = await ServeAsync(clip);
        var before = await ReadsAsync(parts);

        await Task.WhenAll(
            parts.Client.GetByteArrayAsync($"v/{parts.LinkTo()}/hls/0/1.m4s"),
            parts.Client.GetByteArrayAsync($"v/{parts.LinkTo()}/hls/1/1.m4s")
        );

        var touched = BlocksOf(parts.Video.Plan, [.. MediaSegment.Find(index, 0, 1)!.Ranges, .. MediaSegment.Find(index, 1, 1)!.Ranges]);
        Assert.Equal(touched.Sum(block => block.SealedBytes), parts.Video.Reads.Skip(before).Sum(read => read.LengthBytes));
    }

    [Theory(Timeout = 120_000)]
    [InlineData("video.mp4", "bytes=0-1", 1)] // what Safari asks first
    [InlineData("video.mp4", "bytes=65536-131071", 1)]
    [InlineData("video.mp4", "bytes=65536-196607", 2)]
    [InlineData("video.mp4", "bytes=2162687-2162688", 2)]
    [InlineData("video.mp4", "bytes=2097151-2097152", 2)]
    [InlineData("video.mp4", "bytes=1000000-1500000", 8)]
    [InlineData("fragmented.mp4", "bytes=0-1", 0)]
    [InlineData("fragmented.mp4", "bytes=1000000-1000001", 1)]
    public async Task A_range_with_an_end_costs_its_blocks(string path, string range, int blocks)
    {
        await using var parts = await ServeAsync("rate-3m.mp4");
        var before = await ReadsAsync(parts);

        using var response = await parts.GetAsync($"v/{parts.LinkTo()}/{path}", ("Range", range));
        await response.Content.ReadAsByteArrayAsync();

        // Finding the index may have left one of them here.
        var expected = path == "video.mp4" && range.StartsWith("bytes=0-", StringComparison.Ordinal) ? 0 : blocks * (long)SealedBlock;
        Assert.Equal(expected, parts.Video.Reads.Skip(before).Sum(read => read.LengthBytes));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_range_of_a_segment_costs_the_blocks_of_its_samples_in_that_range()
    {
        await using var parts = await ServeAsync("rate-3m.mp4");
        var before = await ReadsAsync(parts);

        using var response = await parts.GetAsync($"v/{parts.LinkTo()}/hls/0/2.m4s", ("Range", "bytes=500000-500009"));
        Assert.Equal(10, (await response.Content.ReadAsByteArrayAsync()).Length);

        Assert.Equal([SealedBlock], parts.Video.Reads.Skip(before).Select(read => read.LengthBytes));
    }

    [Theory(Timeout = 120_000)]
    [InlineData("video.mp4")]
    [InlineData("fragmented.mp4")]
    public async Task A_whole_file_costs_every_block_of_its_media_once(string path)
    {
        await using var parts = await ServeAsync("rate-3m.mp4");
        await ReadsAsync(parts);

        await parts.Client.GetByteArrayAsync($"v/{parts.LinkTo()}/{path}");

        var plan = parts.Video.Plan;
        Assert.InRange(
            parts.Video.Reads.Sum(read => read.LengthBytes),
            plan.LengthBytes * 99 / 100,
            Enumerable.Range(0, plan.Count).Sum(i => SealedChunk.SealedLength(plan[i].LengthBytes))
        );
    }

    static async Task<WebParts> ServeAsync(string clip)
    {
        var content = await File.ReadAllBytesAsync(await Mp4Clips.PathAsync(clip));
        return await WebParts.StartAsync(plan: ChunkSizes.Plan(content.Length, 0), content: content);
    }

    static async Task<Mp4Index> IndexAsync(string clip)
    {
        var content = await File.ReadAllBytesAsync(await Mp4Clips.PathAsync(clip));
        return await Mp4Index.BuildAsync(
            (offset, destination, _) =>
            {
                content.AsMemory((int)offset, destination.Length).CopyTo(destination);
                return Task.CompletedTask;
            },
            content.Length,
            CancellationToken.None
        );
    }

    /// <summary>How many reads there were once the index is there.</summary>
    static async Task<int> ReadsAsync(WebParts parts)
    {
        await parts.Client.GetStringAsync($"v/{parts.LinkTo()}/hls/master.m3u8");
        return parts.Video.Reads.Count;
    }

    static async Task<(long Length, long Cost)> FetchAsync(WebParts parts, string path)
    {
        var before = await ReadsAsync(parts);
        var bytes = await parts.Client.GetByteArrayAsync($"v/{parts.LinkTo()}/{path}");
        return (bytes.Length, parts.Video.Reads.Skip(before).Sum(read => (long)read.LengthBytes));
    }

    static HashSet<(long Offset, int SealedBytes)> BlocksOf(ChunkPlan plan, IEnumerable<SourceRange> ranges)
    {
        var blocks = new HashSet<(long, int)>();
        foreach (var range in ranges)
        {
            for (var at = range.Offset; at < range.End; )
            {
                var chunk = plan.At(at);
                var block = (int)((at - chunk.Offset) / SealedChunk.BlockBytes);
                var start = chunk.Offset + ((long)block * SealedChunk.BlockBytes);
                var length = SealedChunk.BlockLength(chunk.LengthBytes, block);
                blocks.Add((start, length + SealedChunk.TagBytes));
                at = start + length;
            }
        }

        return blocks;
    }
}
