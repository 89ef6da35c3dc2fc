using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using TgVault.Core.Mp4.Fragments;
using TgVault.Testing;
using Xunit.Abstractions;

namespace TgVault.Web.Tests.Ingested;

/// <summary>Three hours of 30 fps with sound, for real: uploaded, ingested, and read to the end by every way of playing.</summary>
[Collection(IngestedCollection.Name)]
public sealed class ThreeHoursTests(IngestedVault vault, ITestOutputHelper output)
{
    const string Clip = "three-hours.mp4";
    const int Pictures = 324_000;
    const double Seconds = 3 * 60 * 60;
    const int MostIndexBytes = 1_363_148;

    static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(180);

    [Fact(Timeout = 600_000)]
    public async Task Every_way_of_playing_gives_every_packet_at_its_time()
    {
        var video = await vault.GetAsync(Clip);
        Assert.Equal("relocate", video.Decision);
        foreach (var (select, track) in new[] { ("v:0", 0), ("a:0", 1) })
        {
            var expected = await PacketsAsync(video.Prepared, select).ToListAsync();
            Assert.InRange(expected.Count, video.Index.Tracks[track].SampleCount - 1, video.Index.Tracks[track].SampleCount);
            foreach (var way in (string[])["video.mp4", "fragmented.mp4", "hls/master.m3u8", "dash/manifest.mpd"])
            {
                var clock = Stopwatch.StartNew();
                var next = 0;
                await foreach (var packet in PacketsAsync(video.Url(way), select))
                {
                    if (next == expected.Count || packet != expected[next])
                        Assert.Fail($"{way} {select}: packet {next} is {packet}, not {(next < expected.Count ? expected[next] : null)}");
                    next++;
                }

                Assert.Equal(expected.Count, next);
                output.WriteLine($"{way} {select}: {next} packets in {clock.Elapsed.TotalSeconds:F1} s");
            }
        }
    }

    [Fact(Timeout = 600_000)]
    public async Task Playlists_add_up_and_the_index_is_small()
    {
        var video = await vault.GetAsync(Clip);

        Assert.Equal(Pictures, video.Index.Tracks[0].SampleCount);
        for (var track = 0; track < 2; track++)
        {
            var lines = (await video.Client.GetStringAsync(video.Url($"hls/{track}/media.m3u8"))).Split('\n');
            var durations = lines
                .Where(line => line.StartsWith("#EXTINF:", StringComparison.Ordinal))
                .Select(line => decimal.Parse(line[8..^1], CultureInfo.InvariantCulture))
                .ToList();
            Assert.Equal(MediaSegment.Count(video.Index, track), durations.Count);
            var told = await Mp4Clips.RunAsync(
                "ffprobe",
                $"-v error -select_streams {(track == 0 ? 'v' : 'a')} -show_entries stream=duration -of "
                    + $"default=nokey=1:noprint_wrappers=1 {video.Prepared}"
            );
            // Within a tick of the movie, which is what the stored duration is told in.
            Assert.Equal(double.Parse(told, CultureInfo.InvariantCulture), (double)durations.Sum(), 0.002);
            Assert.InRange((double)durations.Sum(), Seconds, Seconds + 5);
        }

        var encoded = video.Index.Encode().Length;
        output.WriteLine($"index {encoded} bytes");
        Assert.InRange(encoded, 1, MostIndexBytes);
    }

    // Without what lies before 0. Read as it comes: a list of each would be hundreds of megabytes.
    static async IAsyncEnumerable<Packet> PacketsAsync(
        string path,
        string select,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        using var process = Process.Start(
            new ProcessStartInfo("ffmpeg", $"-hide_banner -nostdin -loglevel error -copyts -i {path} -map 0:{select} -c copy -f framemd5 -")
            {
                RedirectStandardOutput = true,
            }
        )!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestRead);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                if (Packet.Parse(line) is { Time: >= 0 } packet)
                    yield return packet;
            }

            await process.WaitForExitAsync(limit.Token);
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    readonly record struct Packet(long Time, int SizeBytes, UInt128 Checksum)
    {
        // Track, decode time, time, duration, size, checksum.
        public static Packet? Parse(string line)
        {
            if (line.Length == 0 || line[0] == '#')
                return null;
            var fields = line.Split(',', StringSplitOptions.TrimEntries);
            return new Packet(
                long.Parse(fields[2], CultureInfo.InvariantCulture),
                int.Parse(fields[4], CultureInfo.InvariantCulture),
                UInt128.Parse(fields[5], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            );
        }
    }
}
