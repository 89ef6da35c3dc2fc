using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using TgVault.Core.Mp4.Fragments;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Web.Tests.Ingested;

/// <summary>What playlists and MPD say is true of the segments that are served:
/// RFC 8216 and ISO 23009-1, rule by rule, against bytes and mp4box.js.</summary>
[Collection(IngestedCollection.Name)]
public sealed partial class PlaylistRuleTests(IngestedVault vault)
{
    static readonly XNamespace Dash = "urn:mpeg:dash:schema:mpd:2011";

    public static TheoryData<string> Clips =>
        [.. FrameEqualityTests.Clips.Select(row => (string)row[0]), "frame-per-keyframe.mp4", "burst.mp4"];

    // Where the sound goes on, the last picture stays until its end.
    static double EndOf(IngestedClip video, Measured track, IReadOnlyCollection<Measured> all) =>
        track.IsVideo && video.Index.PictureTail > 0 ? all.Max(one => one.Starts[0] + one.Seconds) : track.Starts[0] + track.Seconds;

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Clips))]
    public async Task Playlists_keep_the_rules_of_HLS_and_tell_the_truth(string clip)
    {
        var video = await vault.GetAsync(clip);
        var measured = await MeasureAsync(video);
        foreach (var track in measured)
        {
            var text = await video.Client.GetStringAsync(video.Url($"hls/{track.Number}/media.m3u8"));
            var lines = text.Split('\n');
            Assert.Equal(
                ["#EXTM3U", "#EXT-X-VERSION:7", $"#EXT-X-TARGETDURATION:{track.TargetSeconds}", "#EXT-X-PLAYLIST-TYPE:VOD"],
                lines[..4]
            );
            Assert.Equal(track.IsClosed, lines.Contains("#EXT-X-INDEPENDENT-SEGMENTS"));
            Assert.Contains("#EXT-X-MAP:URI=\"init.mp4\"", lines);
            Assert.Equal("#EXT-X-ENDLIST", lines[^2]);
            Assert.Equal(
                Enumerable.Range(0, track.Bytes.Length).Select(number => $"{number}.m4s"),
                lines.Where(line => line.EndsWith(".m4s", StringComparison.Ordinal))
            );
            var durations = lines
                .Where(line => line.StartsWith("#EXTINF:", StringComparison.Ordinal))
                .Select(line => double.Parse(line[8..^1], CultureInfo.InvariantCulture))
                .ToList();
            Assert.Equal(track.Bytes.Length, durations.Count);
            Assert.All(durations, duration => Assert.InRange(Math.Round(duration, MidpointRounding.AwayFromZero), 0, track.TargetSeconds));
            Assert.Equal(EndOf(video, track, measured) - track.Starts[0], durations.Sum(), 0.000_002);
        }

        await CheckMultivariantAsync(video, measured);
    }

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Clips))]
    public async Task The_MPD_keeps_the_rules_of_DASH_and_tells_the_truth(string clip)
    {
        var video = await vault.GetAsync(clip);
        var measured = await MeasureAsync(video);
        var url = new Uri(video.Url("dash/manifest.mpd"));
        var mpd = XDocument.Parse(await video.Client.GetStringAsync(url)).Root!;

        Assert.Equal(Dash + "MPD", mpd.Name);
        Assert.Equal("static", (string?)mpd.Attribute("type"));
        Assert.Equal("urn:mpeg:dash:profile:isoff-live:2011", (string?)mpd.Attribute("profiles"));
        Assert.Equal(measured.Max(track => track.EndSeconds), Seconds(mpd, "mediaPresentationDuration"), 0.000_001);
        var bufferSeconds = Seconds(mpd, "minBufferTime");
        var period = Assert.Single(mpd.Elements());
        var sets = period.Elements(Dash + "AdaptationSet").ToLookup(set => (string?)set.Attribute("contentType") == "text");
        Assert.Equal(await TextsAsync(video), sets[true].Count());
        Assert.All(sets[true], set => Assert.Equal("text/vtt", (string?)set.Attribute("mimeType")));
        var representations = sets[false].SelectMany(set => set.Elements(Dash + "Representation")).ToList();
        Assert.Equal(measured.Count, representations.Count);
        Assert.Equal(measured.Count, representations.Select(representation => (string?)representation.Attribute("id")).Distinct().Count());
        foreach (var (track, representation) in measured.Zip(representations))
        {
            var set = representation.Parent!;
            Assert.Equal(track.IsVideo ? "video" : "audio", (string?)set.Attribute("contentType"));
            Assert.Equal(track.IsVideo ? "video/mp4" : "audio/mp4", (string?)set.Attribute("mimeType"));
            Assert.Equal("true", (string?)set.Attribute("segmentAlignment"));
            Assert.Equal(track.IsClosed ? "1" : "3", (string?)set.Attribute("startWithSAP"));
            Assert.Equal(track.Codec, (string?)representation.Attribute("codecs"), ignoreCase: true);
            var bandwidth = (double)representation.Attribute("bandwidth")!;
            Assert.InRange(bandwidth, track.PeakRate, double.MaxValue);
            // ISO 23009-1 §5.3.5.2: at this rate, minBufferTime ahead, every segment is there before it is played. It holds wherever
            // playing begins.
            for (var first = 0; first < track.Bytes.Length; first++)
            {
                var bits = 0.0;
                for (var i = first; i < track.Bytes.Length; i++)
                {
                    bits += 8.0 * track.Bytes[i];
                    Assert.InRange(bits, 0, bandwidth * (bufferSeconds + track.Starts[i] - track.Starts[first]));
                }
            }

            if (track.IsVideo)
            {
                Assert.Equal(
                    (video.Index.Tracks[0].Width, video.Index.Tracks[0].Height),
                    ((int)representation.Attribute("width")!, (int)representation.Attribute("height")!)
                );
                Assert.Matches(FrameRate(), (string?)representation.Attribute("frameRate"));
            }
            else
            {
                Assert.Equal(video.Index.Tracks[track.Number].SampleRate, (int)representation.Attribute("audioSamplingRate")!);
                Assert.True((int)representation.Element(Dash + "AudioChannelConfiguration")!.Attribute("value")! > 0);
            }

            var template = representation.Element(Dash + "SegmentTemplate")!;
            Assert.Equal(track.Timescale, (uint)template.Attribute("timescale")!);
            var spans = template
                .Element(Dash + "SegmentTimeline")!
                .Elements(Dash + "S")
                .SelectMany(s => Enumerable.Repeat((long)s.Attribute("d")!, 1 + ((int?)s.Attribute("r") ?? 0)))
                .ToList();
            var times = MediaSegment.Times(video.Index, track.Number);
            // What begins a little late is told from the period's start on.
            var isLate = track.Starts[0] > 1;
            Assert.Equal(isLate ? times[0].Duration : times[0].Start + times[0].Duration, spans[0]);
            Assert.Equal(times.Skip(1).Select(time => time.Duration), spans.Skip(1));
            Assert.All(spans, span => Assert.InRange(span, 1, long.MaxValue));
            var begins = (long)template.Element(Dash + "SegmentTimeline")!.Elements().First().Attribute("t")! / (double)track.Timescale;
            Assert.Equal(isLate ? track.Starts[0] : 0, begins, 0.000_001);
            Assert.Equal(EndOf(video, track, measured), begins + (spans.Sum() / (double)track.Timescale), 0.000_001);
            // The template leads to the very segments.
            var number = track.Bytes.Length - 1;
            var media = ((string)template.Attribute("media")!).Replace(
                "$Number$",
                $"{number + (int)template.Attribute("startNumber")!}",
                StringComparison.Ordinal
            );
            Assert.Equal(
                (await video.TracksAsync())[track.Number].Segments[number],
                await video.Client.GetByteArrayAsync(new Uri(url, media))
            );
            Assert.Equal(
                (await video.TracksAsync())[track.Number].Init,
                await video.Client.GetByteArrayAsync(new Uri(url, (string)template.Attribute("initialization")!))
            );
        }
    }

    static async Task CheckMultivariantAsync(IngestedClip video, List<Measured> measured)
    {
        var lines = (await video.Client.GetStringAsync(video.Url("hls/master.m3u8"))).Split('\n');
        var pictures = measured.Where(track => track.IsVideo).ToList();
        var sounds = measured.Where(track => !track.IsVideo).ToList();
        Assert.Equal("#EXTM3U", lines[0]);
        Assert.Equal(measured.TrueForAll(track => track.IsClosed), lines.Contains("#EXT-X-INDEPENDENT-SEGMENTS"));
        var renditions = lines
            .Where(line => line.StartsWith("#EXT-X-MEDIA:", StringComparison.Ordinal))
            .Select(Attributes)
            .ToLookup(attributes => attributes["TYPE"]);
        var media = renditions["AUDIO"].ToList();
        Assert.Equal(await TextsAsync(video), renditions["SUBTITLES"].Count());
        Assert.Equal(
            lines.Count(line => line.StartsWith("#EXT-X-MEDIA:", StringComparison.Ordinal)),
            media.Count + renditions["SUBTITLES"].Count()
        );
        // Sound alone is its own variant.
        Assert.Equal(measured.Count > 1 ? sounds.Count : 0, media.Count);
        Assert.Equal(media.Count, media.Select(attributes => (attributes["GROUP-ID"], attributes["NAME"])).Distinct().Count());
        Assert.Equal(media.Count > 0 ? 1 : 0, media.Count(attributes => attributes["DEFAULT"] == "YES"));

        var at = Array.FindIndex(lines, line => line.StartsWith("#EXT-X-STREAM-INF:", StringComparison.Ordinal));
        var variant = Attributes(lines[at]);
        Assert.Equal(
            renditions["SUBTITLES"].Select(attributes => attributes["GROUP-ID"]).Distinct(),
            variant.TryGetValue("SUBTITLES", out var texts) ? [texts] : []
        );
        Assert.Equal("0/media.m3u8", lines[at + 1]);
        Assert.Single(lines, line => line.StartsWith("#EXT-X-STREAM-INF:", StringComparison.Ordinal));
        Assert.Equal(string.Join(',', pictures.Concat(sounds.Take(1)).Select(track => track.Codec)), variant["CODECS"], ignoreCase: true);
        Assert.InRange(
            double.Parse(variant["BANDWIDTH"], CultureInfo.InvariantCulture),
            pictures.Sum(track => track.PeakRate) + sounds.Select(track => track.PeakRate).DefaultIfEmpty().Max(),
            double.MaxValue
        );
        var average = pictures.Sum(track => track.Rate) + sounds.Select(track => track.Rate).DefaultIfEmpty().Max();
        Assert.InRange(double.Parse(variant["AVERAGE-BANDWIDTH"], CultureInfo.InvariantCulture), average * 0.9, average * 1.1);
        if (pictures.Count == 0)
            return;

        var size = (
            await Mp4Clips.RunAsync(
                "ffprobe",
                $"-v error -select_streams v:0 -show_entries stream=width,height -of csv=p=0:s=x {video.Prepared}"
            )
        )
            .Trim()
            .TrimEnd('x')
            .Split('x');
        var isTurned = video.Index.Tracks[0].Rotation is 90 or 270;
        Assert.Equal(Path.GetFileName(video.Original) == "rotated.mp4", isTurned);
        Assert.Equal(isTurned ? $"{size[1]}x{size[0]}" : $"{size[0]}x{size[1]}", variant["RESOLUTION"]);
        Assert.Equal(video.Index.Tracks[0].FrameRate, double.Parse(variant["FRAME-RATE"], CultureInfo.InvariantCulture), 0.001);
        var winding = Attributes(Assert.Single(lines, line => line.StartsWith("#EXT-X-I-FRAME-STREAM-INF:", StringComparison.Ordinal)));
        Assert.Equal(pictures[0].Codec, winding["CODECS"], ignoreCase: true);
        Assert.Contains(
            "#EXT-X-I-FRAMES-ONLY",
            await video.Client.GetStringAsync(video.Url($"hls/{winding["URI"]}")),
            StringComparison.Ordinal
        );
    }

    // As ffprobe counts the subtitles of what was uploaded.
    static async Task<int> TextsAsync(IngestedClip video)
    {
        var count = 0;
        while (await Mp4Clips.HasAsync(video.Original, $"s:{count}"))
            count++;
        return count;
    }

    static async Task<List<Measured>> MeasureAsync(IngestedClip video)
    {
        var tracks = await video.TracksAsync();
        var paths = await Task.WhenAll(tracks.Select(track => track.JoinAsync()));
        var files = await Mp4Box.ParseAsync(paths);
        return [.. tracks.Select((track, i) => Measured.Of(track, Assert.Single(files[i].Tracks), video))];
    }

    static Dictionary<string, string> Attributes(string line) =>
        AttributeList()
            .Matches(line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..])
            .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value.Trim('"'), StringComparer.Ordinal);

    // PT12.345678S is the one form of a duration that is written.
    static double Seconds(XElement element, string attribute) =>
        double.Parse(Assert.IsType<string>((string?)element.Attribute(attribute))[2..^1], CultureInfo.InvariantCulture);

    [GeneratedRegex("([A-Z0-9-]+)=(\"[^\"]*\"|[^,]*)")]
    private static partial Regex AttributeList();

    [GeneratedRegex("^[1-9][0-9]*(/[1-9][0-9]*)?$")]
    private static partial Regex FrameRate();

    /// <summary>One track's segments as they were fetched: bytes counted, times and codec as mp4box.js reads them.</summary>
    sealed record Measured(
        int Number,
        bool IsVideo,
        string Codec,
        uint Timescale,
        bool IsClosed,
        int[] Bytes,
        double[] Starts,
        double EndSeconds
    )
    {
        public double Seconds => EndSeconds - Starts[0];

        public long TargetSeconds =>
            (long)Enumerable.Range(0, Bytes.Length).Max(i => Math.Max(1, Math.Round(LastsSeconds(i, i), MidpointRounding.AwayFromZero)));

        /// <summary>Bits per second over all.</summary>
        public double Rate => 8 * Bytes.Sum(bytes => (double)bytes) / Seconds;

        /// <summary>RFC 8216 §4.3.4.2: of any run of segments that lasts between half and one and a half times the target duration; of all
        /// where there is none.</summary>
        public double PeakRate =>
            (
                from first in Enumerable.Range(0, Bytes.Length)
                from last in Enumerable.Range(first, Bytes.Length - first)
                let seconds = LastsSeconds(first, last)
                where seconds >= 0.5 * TargetSeconds && seconds <= 1.5 * TargetSeconds
                select 8 * Bytes[first..(last + 1)].Sum(bytes => (double)bytes) / seconds
            )
                .DefaultIfEmpty(Rate)
                .Max();

        public static Measured Of(TrackFiles files, Mp4BoxTrack read, IngestedClip video)
        {
            var track = video.Index.Tracks[files.Number];
            var origin = track.Origin;
            var isVideo = track.Kind == MediaTrackKind.Video;
            var starts = new double[files.Segments.Length];
            long offset = files.Init.Length;
            var isClosed = true;
            for (var i = 0; i < starts.Length; i++)
            {
                var end = offset + files.Segments[i].Length;
                var samples = read.Samples.Where(sample => sample.Offset >= offset && sample.Offset < end).ToList();
                starts[i] = Math.Max(0, samples[0].Composed - origin) / (double)track.Timescale;
                isClosed &= samples.TrueForAll(sample => sample.Composed >= samples[0].Composed);
                offset = end;
            }

            // Only video reorders.
            var shownEnd = isVideo
                ? read.Samples.Max(sample => sample.Composed + sample.Duration)
                : read.Samples[^1].Decoded + read.Samples[^1].Duration;
            return new Measured(
                files.Number,
                isVideo,
                read.Codec,
                read.Timescale,
                isClosed,
                [.. files.Segments.Select(bytes => bytes.Length)],
                starts,
                (shownEnd - origin) / (double)track.Timescale
            );
        }

        double LastsSeconds(int first, int last) => (last + 1 < Starts.Length ? Starts[last + 1] : EndSeconds) - Starts[first];
    }
}
