using TgVault.Core.Mp4.Index;
using TgVault.Core.Playback.Dash;
using TgVault.Core.Playback.Hls;
using TgVault.Core.Playback.Packaging;
using TgVault.Core.Tests.Mp4;

namespace TgVault.Core.Tests.Ingest.Rewriting;

/// <summary>
/// Whatever speakers a source is for, players of HLS and DASH get a layout that AAC has a number for, and are told how many channels it
/// has.
/// </summary>
public sealed class SoundLayoutTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("ac3", "mono", "mkv", 1)]
    [InlineData("ac3", "stereo", "mkv", 2)]
    [InlineData("ac3", "5.1(side)", "mkv", 6)]
    [InlineData("ac3", "quad(side)", "avi", 5)]
    [InlineData("eac3", "2.1", "mkv", 6)]
    [InlineData("eac3", "3.0", "mp4", 3)]
    [InlineData("eac3", "5.0(side)", "ts", 5)]
    [InlineData("dca -strict -2", "5.1(side)", "mkv", 6)]
    [InlineData("dca -strict -2", "quad(side)", "mkv", 5)]
    [InlineData("truehd -strict -2", "5.0(side)", "mkv", 5)]
    [InlineData("truehd -strict -2", "5.1(side)", "mkv", 6)]
    [InlineData("libvorbis", "quad", "mkv", 5)]
    [InlineData("libvorbis", "6.1", "mkv", 8)]
    [InlineData("libvorbis", "7.1", "mkv", 8)]
    [InlineData("libvorbis", "hexadecagonal", "mkv", 2)]
    // As Apple lays eight channels out: two more in front, for which AAC's eight have no place.
    [InlineData("alac", "7.1(wide)", "mov", 6)]
    [InlineData("pcm_s24le", "4.0", "mkv", 4)]
    [InlineData("pcm_s24le", "5.1(side)", "wav -f w64", 6)]
    [InlineData("pcm_s16le", "7.1", "mkv", 8)]
    [InlineData("pcm_s16le", "hexadecagonal", "mkv", 2)]
    // AAC that spells its layout out, in settings apart and between the pieces of sound.
    [InlineData("aac", "5.1(side)", "mkv", 6)]
    [InlineData("aac", "6.1", "mp4", 8)]
    [InlineData("aac", "2.1", "mov", 6)]
    [InlineData("aac", "5.0(side)", "ts", 5)]
    [InlineData("libopus -mapping_family 255", "5.1", "mkv", 6)]
    public async Task Sound_is_laid_out_as_AAC_has_a_number_for(string codec, string layout, string container, int channels)
    {
        var extension = container.Split(' ')[0];
        var source = await Rewriter.MakeAsync(
            $"{Rewriter.Picture} -f lavfi -i sine=d=1:sample_rate=48000,aformat=channel_layouts={layout} "
                + $"{(extension is "wav" ? "-map 1" : Rewriter.H264 + " -bf 0")} -t 0.5 -c:a {codec} {container[extension.Length..]}",
            "." + extension
        );

        var (_, path) = await Rewriter.WriteAsync(source);

        using var stored = new Source(path);
        var index = await stored.IndexAsync();
        var track = index.Tracks[^1];
        Assert.Equal("mp4a.40.2", track.Codec);
        Assert.Equal(channels, track.Channels);
        // Number 7 is eight channels; the others are as many as their numbers.
        Assert.Equal(channels == 8 ? 7 : channels, Rewriter.ChannelConfiguration(track.SampleEntry));
        AssertTold(index, channels);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("flac", "6.1", "flac", 7)]
    [InlineData("libopus -mapping_family 1", "7.1", "opus", 8)]
    [InlineData("aac", "5.1", "mp4a.40.2", 6)]
    public async Task What_names_its_layout_stays_as_it_is(string codec, string layout, string expected, int channels)
    {
        var source = await Rewriter.MakeAsync(
            $"-f lavfi -i sine=d=0.5:sample_rate=48000,aformat=channel_layouts={layout} -c:a {codec}",
            ".mkv"
        );

        var (written, path) = await Rewriter.WriteAsync(source);

        Assert.Empty(written.Changes);
        using var stored = new Source(path);
        var index = await stored.IndexAsync();
        Assert.Equal((expected, channels), (index.Tracks[0].Codec, index.Tracks[0].Channels));
    }

    [Theory(Timeout = 60_000)]
    // From the side behind, where AAC has speakers.
    [InlineData("ac3", "5.1(side)", "c4", 6, 5)]
    [InlineData("libvorbis", "5.0", "c4", 5, 5)]
    [InlineData("pcm_s16le", "3c", "c2", 3, 3)]
    [InlineData("pcm_s16le", "7.1", "c6", 8, 7)]
    [InlineData("pcm_s16le", "hexadecagonal", "c9", 2, 2)]
    public async Task Each_channel_is_heard_where_it_belongs(string codec, string layout, string from, int channels, int to)
    {
        // Only one channel sounds.
        var source = await Rewriter.MakeAsync(
            $"-f lavfi -i sine=d=1:sample_rate=48000 -filter:a pan={layout}|{from}=c0 -c:a {codec}",
            ".mkv"
        );

        var (_, path) = await Rewriter.WriteAsync(source);

        var levels = await Rewriter.MeasureAsync(path, "a:0", "astats=measure_overall=none:measure_perchannel=RMS_level", "RMS level dB: ");
        Assert.Equal(channels, levels.Length);
        Assert.Equal(to, Array.IndexOf(levels, levels.Max()) + 1);
        Assert.InRange(levels.Max(), -40, 0);
    }

    static void AssertTold(Mp4Index index, int channels)
    {
        var encodings = new[] { new VideoEncoding("", new PackagedVideo(index)) };
        Assert.Contains($"value=\"{channels}\"", Mpd.Write(encodings, [], ""), StringComparison.Ordinal);
        if (index.Tracks.Length > 1)
            Assert.Contains($"CHANNELS=\"{channels}\"", MultivariantPlaylist.Write(encodings, []), StringComparison.Ordinal);
    }
}
