using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using TgVault.Core.Playback;
using TgVault.Testing;
using Xunit.Abstractions;

namespace TgVault.Web.Tests;

/// <summary>
/// What a warm segment of some 300 KB costs over real Kestrel, beside the same bytes asked for as a range. <c>TGVAULT_BENCH_REQUESTS=2000</c> makes it
/// a measurement of processor time and first byte for a person to read; the client's share is in both.
/// </summary>
public sealed class SegmentBench(ITestOutputHelper output)
{
    const int ShortRun = 20;

    [Fact(Timeout = 600_000)]
    public async Task A_warm_segment_reads_nothing_and_unpacks_no_page_of_the_index()
    {
        var requests = int.Parse(
            Environment.GetEnvironmentVariable("TGVAULT_BENCH_REQUESTS") ?? $"{ShortRun}",
            CultureInfo.InvariantCulture
        );
        await using var parts = await WebParts.ServeAsync(await Mp4Clips.PathAsync("rate-400k-minutes.mp4"));
        var (segment, length) = await FindAsync(parts);
        var range = $"bytes=8000000-{8_000_000 + length - 1}";

        var pages = parts.Host.Services.GetRequiredService<IndexCache>().Pages;
        var (reads, unpacked) = (parts.Video.Reads.Count, pages.UnpackedCount);
        for (var i = 0; i < 3; i++)
            Assert.Equal(length, (await parts.Client.GetByteArrayAsync(segment)).Length);
        Assert.Equal((reads, unpacked), (parts.Video.Reads.Count, pages.UnpackedCount));
        Assert.InRange(unpacked, 1, 20);

        for (var round = 0; round < 3; round++)
        {
            var ofRange = await MeasureAsync(() => parts.GetAsync($"{parts.StreamPath}", ("Range", range)), requests);
            var ofSegment = await MeasureAsync(() => parts.GetAsync(segment), requests);
            output.WriteLine(FormattableString.Invariant($"{length} bytes: segment {ofSegment}; range {ofRange}"));
        }
    }

    // Not the first, which lies in the index's first page.
    static async Task<(string Path, int Length)> FindAsync(WebParts parts)
    {
        for (var number = 20; ; number++)
        {
            var path = $"v/{parts.LinkTo()}/hls/0/{number}.m4s";
            var length = (await parts.Client.GetByteArrayAsync(path)).Length;
            if (length is > 270_000 and < 330_000)
                return (path, length);
        }
    }

    static async Task<Cost> MeasureAsync(Func<Task<HttpResponseMessage>> send, int requests)
    {
        var buffer = new byte[1 << 20];
        var firstBytes = new double[requests];
        await OnceAsync();
        var before = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < requests; i++)
            firstBytes[i] = await OnceAsync();
        var processor = (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / requests;
        Array.Sort(firstBytes);
        return new Cost(processor, firstBytes[requests / 2]);

        async Task<double> OnceAsync()
        {
            var clock = Stopwatch.StartNew();
            using var response = await send();
            await using var body = await response.Content.ReadAsStreamAsync();
            await body.ReadExactlyAsync(buffer.AsMemory(0, 1));
            var first = clock.Elapsed.TotalMilliseconds;
            while (await body.ReadAsync(buffer) > 0) { }
            return first;
        }
    }

    readonly record struct Cost(double ProcessorMilliseconds, double MedianFirstByteMilliseconds)
    {
        public override string ToString() =>
            FormattableString.Invariant($"{ProcessorMilliseconds:F2} ms of CPU, first byte after {MedianFirstByteMilliseconds:F2} ms");
    }
}
