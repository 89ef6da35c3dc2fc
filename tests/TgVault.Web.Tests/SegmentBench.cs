using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using TgVault.Core.Playback.Packaging;
using TgVault.Testing;
using Xunit.Abstractions;

namespace TgVault.Web.Tests;

/// <summary>
/// What a warm segment of some 300 KB costs over real Kestrel, beside the same bytes asked for as a range.
/// <c>TGVAULT_BENCH_REQUESTS=2000</c> makes it a measurement of processor time and first byte for a person to read; the client's share is
/// in both.
/// </summary>
public sealed class SegmentBench(ITestOutputHelper output)
{
    const int ShortRun = 20;
    const int Rounds = 10;

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

        // In turns, so that what else the machine does falls on both; and the first round, which warms up, does not count.
        var (ofRange, ofSegment) = (new List<Cost>(), new List<Cost>());
        for (var round = 0; round <= Rounds; round++)
        {
            ofRange.Add(await MeasureAsync(() => parts.GetAsync(parts.StreamPath, ("Range", range)), requests / Rounds));
            ofSegment.Add(await MeasureAsync(() => parts.GetAsync(segment), requests / Rounds));
        }

        output.WriteLine($"{length} bytes: segment {Median(ofSegment)}; range {Median(ofRange)}");
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
        var firstBytes = new List<double>();
        var before = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < requests; i++)
        {
            var clock = Stopwatch.StartNew();
            using var response = await send();
            await using var body = await response.Content.ReadAsStreamAsync();
            await body.ReadExactlyAsync(buffer.AsMemory(0, 1));
            firstBytes.Add(clock.Elapsed.TotalMilliseconds);
            while (await body.ReadAsync(buffer) > 0) { }
        }

        return new Cost((Environment.CpuUsage.TotalTime - before).TotalMilliseconds / requests, MedianOf(firstBytes));
    }

    static Cost Median(List<Cost> rounds) =>
        new(
            MedianOf(rounds.Skip(1).Select(cost => cost.ProcessorMilliseconds)),
            MedianOf(rounds.Skip(1).Select(cost => cost.FirstByteMilliseconds))
        );

    static double MedianOf(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

    readonly record struct Cost(double ProcessorMilliseconds, double FirstByteMilliseconds)
    {
        public override string ToString() =>
            FormattableString.Invariant($"{ProcessorMilliseconds:F2} ms of CPU, first byte after {FirstByteMilliseconds:F2} ms");
    }
}
