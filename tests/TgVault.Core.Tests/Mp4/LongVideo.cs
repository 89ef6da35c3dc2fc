using TgVault.Core.Mp4.Codecs;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Mp4.Movie;

namespace TgVault.Core.Tests.Mp4;

/// <summary>
/// A film as its index sees it: 25 pictures a second by an encoder like x264, which puts a keyframe at every change of scene, spends by how
/// hard a scene is, and chooses how many B-frames; and AAC at 128 kbit/s, in one language or several.
/// </summary>
static class LongVideo
{
    public const int Seconds = 3 * 60 * 60;

    const int FramesPerSecond = 25;
    const int FrameTicks = 512;
    const int LongestGop = 250;

    // Decoding order. The composition offset tells each frame's kind: P, B that others refer to, b.
    static readonly int[][] Groups =
    [
        [1024],
        [1536, 512],
        [2048, 512, 512],
        [2560, 1024, 0, 512],
    ];

    /// <param name="seconds">How long it is.</param>
    /// <param name="megabits">Of the pictures, per second.</param>
    /// <param name="sounds">In how many languages.</param>
    /// <param name="isStream">Whether there is a keyframe every two seconds instead, as encoders for streaming set them.</param>
    public static Mp4Index Build(int seconds = Seconds, double megabits = 3, int sounds = 1, bool isStream = false)
    {
        var random = new Random(7);
        var frames = Frames(random, seconds, isStream);
        var scale = megabits * 1_000_000 / 8 * seconds / frames.Sum(frame => frame.Weight);
        var collector = new SampleCollector(1 + sounds, long.MaxValue);
        var offset = 5_000_000L;
        var (audioTime, audioLevel) = (0.0, 0.0);
        for (var i = 0; i < frames.Count; i++)
        {
            // Sound lies between pictures as ffmpeg's muxer interleaves it.
            for (; audioTime <= (double)i / FramesPerSecond; audioTime += 1024 / 48000.0)
            {
                audioLevel = (0.97 * audioLevel) + Normal(random, 0, 6);
                for (var sound = 1; sound <= sounds; sound++)
                    Add(sound, 341 + audioLevel + Normal(random, 0, 35), 1024, 0, true);
            }

            Add(0, frames[i].Weight * scale, FrameTicks, frames[i].Composition, frames[i].IsKey);
        }

        List<TrackBox> tracks = [Track(true, FramesPerSecond * FrameTicks), .. Enumerable.Repeat(Track(false, 48000), sounds)];
        return IndexBuilder.Finish(offset, tracks, new long[tracks.Count], collector);

        void Add(int track, double size, uint duration, int composition, bool sync)
        {
            var bytes = (int)Math.Max(8, size);
            collector.Add(track, new Sample(offset, bytes, duration, composition, sync));
            offset += bytes;
        }
    }

    /// <summary>Of all pictures.</summary>
    public static long PictureBytes(Mp4Index index) => index.Segments.Tracks[0].Bytes[^1];

    static List<(double Weight, int Composition, bool IsKey)> Frames(Random random, int seconds, bool isStream)
    {
        var frames = new List<(double, int, bool)>(FramesPerSecond * seconds);
        while (frames.Count < FramesPerSecond * seconds)
        {
            // Scenes of four seconds on average; some are eight times as hard as others.
            var left = isStream ? 2 * FramesPerSecond : 10 + (int)(-90 * Math.Log(1 - random.NextDouble()));
            var level = Math.Exp(Normal(random, 0, 0.6));
            for (; left > 0; left -= Math.Min(left, LongestGop))
                AddGop(Math.Min(left, LongestGop), level);
        }

        return frames[..(FramesPerSecond * seconds)];

        void AddGop(int length, double level)
        {
            frames.Add((6 * level * Noise(), 1024, true));
            for (var left = length - 1; left > 0; )
            {
                // What moves changes slowly within a scene.
                level *= Math.Exp(Normal(random, 0, 0.1));
                var group = Groups[
                    Math.Min(
                        left,
                        random.Next(10) switch
                        {
                            < 2 => 1,
                            < 4 => 2,
                            < 6 => 3,
                            _ => 4,
                        }
                    ) - 1
                ];
                foreach (var composition in group)
                    frames.Add((WeightOf(composition) * level * Noise(), composition, false));
                left -= group.Length;
            }
        }

        double Noise() => Math.Exp(Normal(random, 0, 0.3));
    }

    static double WeightOf(int composition) =>
        composition switch
        {
            > 1024 => 1.6,
            1024 => 0.9,
            _ => 0.4,
        };

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
