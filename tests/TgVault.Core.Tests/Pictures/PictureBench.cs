using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using TgVault.Core.Ffmpeg;
using TgVault.Core.Pictures;
using TgVault.Core.Settings;
using TgVault.Core.Videos;
using TgVault.Testing;
using Xunit.Abstractions;

namespace TgVault.Core.Tests.Pictures;

/// <summary>
/// What pictures cost beside writing the film anew, which ingest does to whatever does not lie as it must. <c>TGVAULT_BENCH_FILM=PATH</c>
/// measures a long film, for a person to read; PATH may be several, separated by colons.
/// </summary>
public sealed class PictureBench(ITestOutputHelper output)
{
    [Fact(Timeout = 1_800_000)]
    public async Task Pictures_of_a_film_and_writing_it_anew()
    {
        var films = Environment.GetEnvironmentVariable("TGVAULT_BENCH_FILM") ?? await Mp4Clips.PathAsync("rate-800k.mp4");
        // What .NET takes the first time is no matter of a film.
        var warm = await Films.OpenAsync(await Mp4Clips.PathAsync("rate-800k.mp4"));
        await Films.NewTaker().TakeAsync(warm, CancellationToken.None);
        foreach (var path in films.Split(':'))
        {
            var tools = new FfmpegTools(new FfmpegSettings { TemporaryFolder = Path.GetDirectoryName(path)! });
            var media = (await new MediaProbe(tools).ProbeAsync(path, CancellationToken.None))!;
            using var written = TemporaryFile.Create(tools.TemporaryFolder, ".mp4");
            ImmutableArray<MediaTrack> tracks =
            [
                .. media
                    .Tracks.Where(track => track.Kind != MediaTrackKind.Other)
                    .Select(track => track with { Treatment = new TrackTreatment(TrackAction.Copy) }),
            ];
            var limits = new RemuxLimits(long.MaxValue / 4, TimeSpan.FromMinutes(20), media.DurationSeconds);
            var remux = await MeasureAsync(() => new Remux(tools).RunAsync(path, written.Path, tracks, limits, CancellationToken.None));
            var film = await Films.OpenAsync(written.Path);
            IReadOnlyList<PackedPictures> made = [];
            var pictures = await MeasureAsync(async () => made = await Films.NewTaker().TakeAsync(film, CancellationToken.None));
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Path.GetFileName(path)}: {media.DurationSeconds / 60:F0} min, {film.LengthBytes >> 20} MiB: "
                        + $"written anew in {remux}, pictures in {pictures}: {pictures.Wall / remux.Wall:P0}, "
                        + $"{pictures.Processor / remux.Processor:P0} of processor"
                )
            );
            if (Environment.GetEnvironmentVariable("TGVAULT_BENCH_OUT") is { } folder)
                foreach (var one in made)
                    await File.WriteAllBytesAsync(Path.Combine(folder, $"{Path.GetFileName(path)}-{one.Kind}.zip"), one.Content);
            Assert.Equal(2, made.Count);
        }
    }

    static async Task<Cost> MeasureAsync(Func<Task> run)
    {
        var (clock, before) = (Stopwatch.StartNew(), Processor());
        await run();
        var after = Processor();
        return new Cost(clock.Elapsed.TotalSeconds, after.Own - before.Own, after.Programs - before.Programs);
    }

    // Of this process, and of the programs that have ended, in seconds.
    static (double Own, double Programs) Processor()
    {
        var fields = File.ReadAllText("/proc/self/stat").Split(')')[^1].Split(' ');
        return (Sum(12), Sum(14));

        double Sum(int first) => fields[first..(first + 2)].Sum(field => double.Parse(field, CultureInfo.InvariantCulture)) / 100;
    }

    readonly record struct Cost(double Wall, double Own, double Programs)
    {
        public double Processor => Own + Programs;

        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"{Wall:F2} s (processor: {Own:F2} here, {Programs:F2} ffmpeg)");
    }
}
