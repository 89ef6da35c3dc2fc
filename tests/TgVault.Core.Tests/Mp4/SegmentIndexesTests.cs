using System.Buffers.Binary;
using System.Globalization;
using TgVault.Core.Mp4.Fragments;
using TgVault.Testing;

namespace TgVault.Core.Tests.Mp4;

/// <summary>The segment indexes of the fragmented file (ISO 14496-12 §8.16.3), read here anew.</summary>
public sealed class SegmentIndexesTests
{
    static readonly Lazy<Task<byte[]>> Film = new(() =>
        OddTablesTests.MakeAsync("-map 0 -map 1 -c:v libx264 -preset ultrafast -bf 2 -g 25 -c:a aac")
    );

    [Theory(Timeout = 120_000)]
    [InlineData(0, 0)]
    [InlineData(700, 0)]
    [InlineData(0, 700)]
    public async Task Every_track_has_one_that_tells_what_is_shown(int picturesLater, int soundLater)
    {
        var bytes = Mp4Patch.Edits(await Film.Value, 0, After(picturesLater));
        bytes = Mp4Patch.Edits(bytes, 1, After(soundLater));
        var index = await OddTablesTests.IndexAsync(bytes);
        var file = new Source(bytes).Read(new FragmentedFile(index));

        var found = Read(file);

        Assert.Equal([1, 2], found.Select(one => one.Track));
        Assert.Equal(picturesLater, found[0].StartMilliseconds);
        // What decoders need of sound before its beginning comes with it.
        Assert.InRange(found[1].StartMilliseconds, Math.Max(0, soundLater - 22), soundLater);
        // The later one's end is told so that ffmpeg, which adds it to the beginning, comes to the film's length.
        Assert.All(found, one => Assert.InRange(one.StartMilliseconds + one.Milliseconds, 4000, 4022));
        // All are of the same fragments: the first begins behind the last index, and they fill the file.
        Assert.All(found, one => Assert.Equal((found[^1].End, file.Length), (one.FirstByte, one.FirstByte + one.Bytes)));
    }

    // As of most fragmented uploads: without an edit list that hides what was held back to put pictures in order.
    [Fact(Timeout = 120_000)]
    public async Task Pictures_that_begin_a_little_late_make_it_no_longer_and_are_found_by_a_seek()
    {
        var film = await OddTablesTests.MakeAsync("-map 0 -map 1 -c:v libx264 -preset ultrafast -bf 2 -g 25 -c:a aac -use_editlist 0");
        var path = Mp4Clips.NewPath(".mp4");
        await File.WriteAllBytesAsync(path, new Source(film).Read(new FragmentedFile(await OddTablesTests.IndexAsync(film))));

        var told = await Mp4Clips.RunAsync("ffprobe", $"-v error -show_entries format=duration -of csv=p=0 {path}");
        Assert.Equal(4.091, double.Parse(told, CultureInfo.InvariantCulture), 0.025);
        // 25 pictures a second, the first of which is shown at 0.08 s.
        for (var second = 0; second < 4; second++)
        {
            var found = await PacketsAsync(path, second);
            Assert.Equal(Math.Min(100, 102 - (25 * second)), found[0].Count(time => time >= second));
            Assert.Contains(found[1], time => time >= second && time < second + 0.1);
        }
    }

    [Fact(Timeout = 240_000)]
    public async Task After_a_seek_ffmpeg_has_every_track_at_once()
    {
        var film = await OddTablesTests.MakeAsync(
            "-map 0 -map 1 -map 1 -c:v libx264 -preset ultrafast -bf 2 -g 50 -c:a:0 aac -c:a:1 aac -ar:a:1 44100",
            seconds: 40
        );
        string original = Mp4Clips.NewPath(".mp4"),
            fragmented = Mp4Clips.NewPath(".mp4");
        await File.WriteAllBytesAsync(original, film);
        await File.WriteAllBytesAsync(fragmented, new Source(film).Read(new FragmentedFile(await OddTablesTests.IndexAsync(film))));

        for (var second = 0; second < 40; second += 3)
        {
            var (expected, found) = (await PacketsAsync(original, second), await PacketsAsync(fragmented, second));
            for (var track = 0; track < 3; track++)
            {
                var times = found[track].Order().ToArray();
                Assert.Equal(expected[track].Count(time => time >= second), times.Count(time => time >= second));
                Assert.All(times.Zip(times.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 0, 0.1));
            }
        }
    }

    static (int Length, int Start)[] After(int milliseconds) => milliseconds == 0 ? [(4000, 1024)] : [(milliseconds, -1), (4000, 1024)];

    /// <summary>When ffprobe finds what to show, by tracks: from a second on, or without going to any.</summary>
    internal static async Task<ILookup<int, double>> PacketsAsync(string path, int? second)
    {
        var from = second is null ? "" : $"-read_intervals {second}%+1000";
        var lines = await Mp4Clips.RunAsync(
            "ffprobe",
            $"-v error {from} -show_packets -show_entries packet=stream_index,pts_time -of csv=p=0 {path}"
        );
        // Side data has lines of its own.
        return lines
            .Split('\n')
            .Select(line => line.Split(','))
            .Where(parts => parts.Length >= 2 && int.TryParse(parts[0], out _) && parts[1] != "N/A")
            .ToLookup(
                parts => int.Parse(parts[0], CultureInfo.InvariantCulture),
                parts => double.Parse(parts[1], CultureInfo.InvariantCulture)
            );
    }

    static List<SegmentIndex> Read(byte[] file)
    {
        var found = new List<SegmentIndex>();
        for (var at = 0; at < file.Length; )
        {
            var size = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            if (file.AsSpan(at + 4).StartsWith("sidx"u8))
                found.Add(Read(file.AsSpan(at, size), at));
            at += size;
        }

        return found;
    }

    // Version 1, with times and offset of 64 bits.
    static SegmentIndex Read(ReadOnlySpan<byte> box, int at)
    {
        Assert.Equal(1, box[8]);
        double timescale = BinaryPrimitives.ReadInt32BigEndian(box[16..]);
        long ticks = 0,
            bytes = 0;
        for (var entry = 40; entry < box.Length; entry += 12)
        {
            bytes += BinaryPrimitives.ReadInt32BigEndian(box[entry..]);
            ticks += BinaryPrimitives.ReadUInt32BigEndian(box[(entry + 4)..]);
        }

        var end = at + box.Length;
        return new SegmentIndex(
            BinaryPrimitives.ReadInt32BigEndian(box[12..]),
            (int)Math.Round(BinaryPrimitives.ReadInt64BigEndian(box[20..]) / timescale * 1000),
            (int)Math.Round(ticks / timescale * 1000),
            end + (int)BinaryPrimitives.ReadInt64BigEndian(box[28..]),
            (int)bytes,
            end
        );
    }

    sealed record SegmentIndex(int Track, int StartMilliseconds, int Milliseconds, int FirstByte, int Bytes, int End);
}
