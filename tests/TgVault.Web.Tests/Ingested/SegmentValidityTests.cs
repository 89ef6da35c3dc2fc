using TgVault.Core.Mp4.Fragments;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Web.Tests.Ingested;

/// <summary>Each segment behind its init segment, and the fragmented file, are MP4s that ffprobe, mp4box.js and the vault's own parser read
/// without a word.</summary>
[Collection(IngestedCollection.Name)]
public sealed class SegmentValidityTests(IngestedVault vault)
{
    // mp4box.js 2.4.1 goes on reading metadata blocks after the last one (dfLa.ts:
    // the loop's condition is the wrong way round), so no file with FLAC passes.
    const string FlacWarning = "Parsing of box 'dfLa' read";

    public static TheoryData<string> Clips => [.. FrameEqualityTests.Clips.Select(row => (string)row[0])];

    [Theory(Timeout = 240_000)]
    [MemberData(nameof(Clips))]
    public async Task Every_segment_is_an_MP4_by_itself(string clip)
    {
        var video = await vault.GetAsync(clip);
        foreach (var track in await video.TracksAsync())
        {
            var paths = track.Segments.Select(_ => Mp4Clips.NewPath(".mp4")).ToArray();
            for (var i = 0; i < paths.Length; i++)
                await File.WriteAllBytesAsync(paths[i], [.. track.Init, .. track.Segments[i]]);
            var parsed = await Mp4Box.ParseAsync(paths);
            var packets = await PacketsOf(video, track.Number);
            var times = MediaSegment.Times(video.Index, track.Number);
            var told = video.Index.Tracks[track.Number];
            var next = 0;
            for (var i = 0; i < paths.Length; i++)
            {
                var (file, bytes) = (parsed[i], track.Init.Length + track.Segments[i].Length);
                Assert.DoesNotContain(
                    file.Warnings,
                    warning => !warning.Contains(FlacWarning, StringComparison.Ordinal) || clip != "flac.mp4"
                );
                Assert.Equal(["ftyp", "moov", "styp", "moof", "mdat"], file.Boxes);
                var samples = AssertTrack(told, Assert.Single(file.Tracks), bytes);
                AssertSame(packets, next, samples);
                next += samples.Length;
                // What a segment's times say, and what a player shows behind the edit list.
                Assert.Equal(times[i].Start, Math.Max(0, samples[0].Composed - Origin(video.Index, track.Number)));
                Assert.True(samples[0].IsSync);

                Assert.Equal(
                    $"{samples.Length}",
                    (
                        await Mp4Clips.RunAsync(
                            "ffprobe",
                            "-v error -count_packets -show_entries stream=nb_read_packets -of default=nokey=1:noprint_wrappers=1 "
                                + $"{paths[i]}",
                            silent: true
                        )
                    ).Trim()
                );
                var own = await ReadAsync(paths[i]);
                Assert.Equal((1, samples.Length, told.Codec), (own.Tracks.Length, own.Tracks[0].SampleCount, own.Tracks[0].Codec));
            }

            Assert.Equal(packets.Length, next);
        }
    }

    [Theory(Timeout = 240_000)]
    [MemberData(nameof(Clips))]
    public async Task The_fragmented_file_passes_a_packagers_parser(string clip)
    {
        var video = await vault.GetAsync(clip);
        var path = Mp4Clips.NewPath(".mp4");
        await File.WriteAllBytesAsync(path, await video.Client.GetByteArrayAsync(video.Url("fragmented.mp4")));

        var file = Assert.Single(await Mp4Box.ParseAsync([path]));

        // GPAC speaks of every second index; there may be one for each track (ISO 14496-12 §8.16.3).
        Assert.DoesNotContain(
            file.Warnings,
            warning =>
                !warning.Contains("multiple boxes of type sidx", StringComparison.Ordinal)
                && (!warning.Contains(FlacWarning, StringComparison.Ordinal) || clip != "flac.mp4")
        );
        Assert.Equal(
            [
                "ftyp",
                "moov",
                .. Enumerable.Repeat("sidx", video.Index.Tracks.Length),
                .. Enumerable.Repeat((string[])["moof", "mdat"], video.Index.SegmentCount).SelectMany(boxes => boxes),
            ],
            file.Boxes
        );
        Assert.Equal(video.Index.Tracks.Length, file.Tracks.Length);
        for (var track = 0; track < file.Tracks.Length; track++)
        {
            var samples = AssertTrack(video.Index.Tracks[track], file.Tracks[track], new FileInfo(path).Length);
            AssertShownAlike(await PacketsOf(video, track), samples);
            Assert.Equal(video.Index.Tracks[track].SampleCount, samples.Length);
        }

        var own = await ReadAsync(path);
        Assert.Equal(
            video.Index.Tracks.Select(track => (track.Codec, track.SampleCount)),
            own.Tracks.Select(track => (track.Codec, track.SampleCount))
        );
        Assert.Equal(video.Index.DurationSeconds, own.DurationSeconds, 0.001);
    }

    static Mp4BoxSample[] AssertTrack(IndexTrack told, Mp4BoxTrack read, long fileBytes)
    {
        // Letter case means nothing in names of codecs that have no parts. RFC 6381 §3.3 leaves it to the sample entry's name (Opus,
        // fLaC).
        Assert.Equal(told.Codec, read.Codec, ignoreCase: true);
        Assert.Equal((told.Timescale, told.Language), (read.Timescale, read.Language));
        Assert.NotEmpty(read.Samples);
        Assert.All(read.Samples, sample => Assert.InRange(sample.Offset, 0, fileBytes - sample.Size));
        return read.Samples;
    }

    // ffmpeg's packets of the prepared file, without its edit lists, are the truth; distances compare, since times begin elsewhere.
    static void AssertSame(Frame[] packets, int first, Mp4BoxSample[] samples) =>
        Assert.Equal(
            packets
                .Skip(first)
                .Take(samples.Length)
                .Select(packet => (packet.Decoded - packets[first].Decoded, packet.Time - packets[first].Time, packet.SizeBytes)),
            samples.Select(sample => (sample.Decoded - samples[0].Decoded, sample.Composed - samples[0].Composed, sample.Size))
        );

    // In one file the first pictures are decoded a tick apart (FileTimes): shown they are as ever, and decoded in the same order.
    static void AssertShownAlike(Frame[] packets, Mp4BoxSample[] samples)
    {
        Assert.Equal(
            packets.Select(packet => (packet.Time - packets[0].Time, packet.SizeBytes)),
            samples.Select(sample => (sample.Composed - samples[0].Composed, sample.Size))
        );
        Assert.All(samples.Zip(samples.Skip(1)), pair => Assert.True(pair.First.Decoded < pair.Second.Decoded));
    }

    static Task<Frame[]> PacketsOf(IngestedClip video, int track)
    {
        var sameKind = video.Index.Tracks.Take(track).Count(other => other.Kind == video.Index.Tracks[track].Kind);
        return Mp4Clips.AllPacketsAsync(
            video.Prepared,
            $"0:{(video.Index.Tracks[track].Kind == MediaTrackKind.Video ? 'v' : 'a')}:{sameKind}",
            "-ignore_editlist 1"
        );
    }

    // Pictures hidden before a cut are shown in segments, and all tracks begin as much earlier; none of these clips has such.
    static long Origin(Mp4Index index, int track)
    {
        Assert.True(index.Tracks[0].Kind == MediaTrackKind.Audio || index.Tracks[0].Start >= index.Tracks[0].Origin);
        return index.Tracks[track].Origin;
    }

    static async Task<Mp4Index> ReadAsync(string path)
    {
        var bytes = await File.ReadAllBytesAsync(path);
        return await Mp4Index.BuildAsync(
            (offset, destination, _) =>
            {
                bytes.AsMemory((int)offset, destination.Length).CopyTo(destination);
                return Task.CompletedTask;
            },
            bytes.Length,
            CancellationToken.None
        );
    }
}
