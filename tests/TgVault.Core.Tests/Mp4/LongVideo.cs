using TgVault.Core.Mp4.Codecs;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Mp4.Movie;

namespace TgVault.Core.Tests.Mp4;

/// <summary>A video of three hours as its index sees it, with sizes spread the way x264 spreads them at 3 Mbit/s, and AAC at 128 kbit/s, in
/// one language or several.</summary>
static class LongVideo
{
    public const int Seconds = 3 * 60 * 60;

    public static Mp4Index Build(int seconds = Seconds, int sounds = 1)
    {
        var random = new Random(7);
        var collector = new SampleCollector(1 + sounds, long.MaxValue);
        var offset = 5_000_000L;
        var audioTime = 0.0;
        foreach (var (frame, composition) in Frames(random, seconds))
        {
            // Sound lies between pictures as ffmpeg's muxer interleaves it.
            for (; audioTime <= frame / 30.0; audioTime += 1024 / 48000.0)
            {
                for (var sound = 1; sound <= sounds; sound++)
                    Add(sound, Normal(random, 341, 18), 1024, 0, true);
            }

            var isKey = frame % 60 == 0;
            var mean = isKey
                ? 60_000
                : composition switch
                {
                    0 or 512 => 6_000,
                    1024 => 11_000,
                    _ => 20_000,
                };
            Add(0, mean * Math.Exp(Normal(random, 0, 0.25)), 512, composition, isKey);
        }

        List<TrackBox> tracks = [Track(true, 15360), .. Enumerable.Repeat(Track(false, 48000), sounds)];
        return IndexBuilder.Finish(offset, tracks, new long[tracks.Count], collector);

        void Add(int track, double size, uint duration, int composition, bool sync)
        {
            var bytes = (int)Math.Max(8, size);
            collector.Add(track, new Sample(offset, bytes, duration, composition, sync));
            offset += bytes;
        }
    }

    // Groups of one to three B-frames, chosen by content; the composition offset tells each frame's kind.
    static IEnumerable<(int Frame, int Composition)> Frames(Random random, int seconds)
    {
        for (var frame = 0; frame < 30 * seconds; )
        {
            var group =
                frame % 60 == 0
                    ? [1024]
                    : random.Next(20) switch
                    {
                        < 16 => [2560, 1024, 0, 512],
                        < 18 => [2048, 512, 0],
                        < 19 => [1536, 512],
                        _ => new[] { 1024 },
                    };
            foreach (var composition in group.Take(60 - (frame % 60)))
                yield return (frame++, composition);
        }
    }

    static double Normal(Random random, double mean, double deviation) =>
        mean + (deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));

    static TrackBox Track(bool isVideo, uint timescale) =>
        new()
        {
            Id = isVideo ? 1u : 2u,
            Timescale = timescale,
            Language = "eng",
            Name = "",
            Matrix = new byte[36],
            Entry = new SampleEntry
            {
                IsVideo = isVideo,
                Codec = isVideo ? "avc1.640028" : "mp4a.40.2",
                Width = 1920,
                Height = 1080,
                Channels = 2,
                SampleRate = 48000,
                Box = isVideo ? Source.Box("avc1", new byte[78], Source.Box("avcC", new byte[56])) : new byte[90],
            },
            Edits = new EditList(0, 1024, null),
            Tables = new SampleTables(),
        };
}
