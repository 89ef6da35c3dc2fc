using System.Buffers.Binary;
using System.Text;
using TgVault.Core.Captioning;
using TgVault.Core.Ingest.Prepare;
using TgVault.Core.Mp4.Text;
using TgVault.Testing;

namespace TgVault.Core.Tests.Mp4;

public sealed class TextTrackTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("captions.mp4")]
    [InlineData("captions-faststart.mp4")]
    public async Task Texts_and_times_are_those_that_ffmpeg_finds(string clip)
    {
        var path = await CaptionClips.PathAsync(clip);
        using var source = new Source(path);
        var tracks = TextTrack.Find(await source.HeadAsync());

        Assert.Equal(["eng", "deu"], tracks.Select(track => track.Language == "ger" ? "deu" : track.Language));
        for (var i = 0; i < tracks.Length; i++)
        {
            var captions = Mp4Captions.Of(await tracks[i].ReadAsync(source.ReadAsync, default));
            Assert.Equal(await CaptionClips.TextsAsync(path, $"0:s:{i}"), captions.Cues.Select(Unescaped));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_track_costs_its_index_and_its_texts_only()
    {
        using var source = new Source(await CaptionClips.PathAsync("captions.mp4"));
        var layout = await source.LayoutAsync();
        var tracks = TextTrack.Find(await source.HeadAsync());
        var before = source.BytesRead;

        await tracks[0].ReadAsync(source.ReadAsync, default);

        Assert.InRange(source.BytesRead - before, 50, source.LengthBytes - layout.Moov.LengthBytes);
    }

    [Fact]
    public void Styles_count_characters_not_their_units()
    {
        var text = "🎬 Film <b>"u8.ToArray();
        byte[] sample = [0, (byte)text.Length, .. text, .. Source.Box("styl", new byte[] { 0, 2 }, Style(0, 1, 1), Style(2, 6, 6))];

        var read = TextSample.Read(sample);

        Assert.Equal([new TextFace(0, 2, true, false, false), new TextFace(3, 7, false, true, true)], read.Faces.AsEnumerable());
        Assert.Equal("<b>🎬</b> <i><u>Film</u></i> &lt;b&gt;", Mp4Captions.CueTextOf(read));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("00", "")]
    [InlineData("0000", "")]
    [InlineData("0003616263", "abc")]
    [InlineData("0006FEFF00610062", "ab")]
    [InlineData("0006FFFE61006200", "ab")]
    [InlineData("0003610062", "ab")]
    [InlineData("000361626300000008", "abc")]
    public void A_sample_is_read_in_whichever_encoding_it_says(string hex, string expected) =>
        Assert.Equal(expected, TextSample.Read(Convert.FromHexString(hex)).Text);

    [Theory]
    [InlineData("0009616263")]
    [InlineData("000361626300000099737479 6C")]
    public void A_sample_that_is_shorter_than_it_says_is_refused(string hex) =>
        Assert.Throws<MediaException>(() => TextSample.Read(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))));

    [Fact(Timeout = 120_000)]
    public async Task Damaged_files_end_in_MediaException_only()
    {
        var good = await File.ReadAllBytesAsync(await CaptionClips.PathAsync("captions.mp4"));
        var moov = (int)(await new Source(good).LayoutAsync()).Moov.Offset;
        var random = new Random(5);
        var read = 0;
        for (var i = 0; i < 3000; i++)
        {
            var bytes = (byte[])good.Clone();
            for (var flips = random.Next(1, 6); flips > 0; flips--)
            {
                var at = random.Next(moov, bytes.Length - 4);
                if (random.Next(2) == 0)
                    bytes[at] = (byte)random.Next(256);
                else
                    BinaryPrimitives.WriteUInt32BigEndian(
                        bytes.AsSpan(at),
                        random.Next(2) == 0 ? uint.MaxValue : (uint)random.Next(1 << 20)
                    );
            }

            using var source = new Source(bytes);
            try
            {
                foreach (var track in TextTrack.Find(await source.HeadAsync()))
                {
                    Mp4Captions.Of(await track.ReadAsync(source.ReadAsync, default)).Write();
                    read++;
                }
            }
            catch (MediaException)
            {
                // Told as damage.
            }
        }

        Assert.InRange(read, 100, 6000);
    }

    // As ffmpeg writes it: short times, nothing escaped.
    static string Unescaped(Cue cue) =>
        Encoding
            .UTF8.GetString(new CaptionText([], [cue]).Write())["WEBVTT\n\n".Length..]
            .Replace("00:00:", "00:", StringComparison.Ordinal)
            .Replace("&lt;", "<", StringComparison.Ordinal)
            .Replace("&gt;", ">", StringComparison.Ordinal)
            .Replace("&amp;", "&", StringComparison.Ordinal)
            .TrimEnd('\n');

    static byte[] Style(short start, short end, byte face) => [0, (byte)start, 0, (byte)end, 0, 1, face, 18, 255, 255, 255, 255];
}
