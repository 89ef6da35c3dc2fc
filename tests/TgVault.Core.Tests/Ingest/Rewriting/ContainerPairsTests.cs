using TgVault.Core.Ingest.Decision;
using TgVault.Core.Tests.Mp4;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Ingest.Rewriting;

/// <summary>
/// Containers that people have, with several pairs of codecs each: what plays is made of them, or it is said what would help.
/// </summary>
public sealed class ContainerPairsTests
{
    const string Hevc = "-c:v libx265 -preset ultrafast -pix_fmt yuv420p -x265-params log-level=error:pools=1";
    const string Vp9 = "-c:v libvpx-vp9 -deadline realtime -cpu-used 8";

    // What it is, what becomes of it; where pictures are transcoded, only if the setting says so.
    public static TheoryData<string, string, string, string> Pairs =>
        new()
        {
            { ".ts", $"{Rewriter.H264} -c:a aac", "h264", "aac" },
            { ".ts", $"{Hevc} -c:a ac3", "hevc", "aac" },
            { ".ts", "-c:v mpeg2video -c:a mp2", "h264 transcoded", "aac" },
            { ".m2ts", $"{Rewriter.H264} -c:a ac3", "h264", "aac" },
            { ".m2ts", $"{Rewriter.H264} -c:a pcm_bluray", "h264", "aac" },
            { ".m2ts", "-c:v mpeg2video -c:a ac3", "h264 transcoded", "aac" },
            { ".avi", "-c:v mpeg4 -vtag XVID -c:a libmp3lame", "h264 transcoded", "aac" },
            { ".avi", "-c:v mjpeg -pix_fmt yuvj420p -c:a pcm_s16le", "h264 transcoded", "aac" },
            { ".flv", $"{Rewriter.H264} -c:a aac", "h264", "aac" },
            { ".flv", "-c:v flv -c:a libmp3lame -ar 44100", "h264 transcoded", "aac" },
            { ".3gp", "-c:v h263 -s 176x144 -c:a aac", "h264 transcoded", "aac" },
            { ".3gp", $"{Rewriter.H264} -c:a aac", "h264", "aac" },
            { ".vob", "-c:v mpeg2video -c:a ac3", "h264 transcoded", "aac" },
            { ".vob", "-c:v mpeg2video -c:a mp2", "h264 transcoded", "aac" },
            { ".wmv", "-c:v wmv2 -c:a wmav2", "h264 transcoded", "aac" },
            { ".wmv", "-c:v msmpeg4 -c:a wmav1", "h264 transcoded", "aac" },
            { ".asf", $"{Rewriter.H264} -c:a libmp3lame", "h264", "aac" },
            { ".mov", "-c:v prores_ks -c:a pcm_s24le", "h264 transcoded", "aac" },
            { ".mov", $"{Rewriter.H264} -c:a alac", "h264", "aac" },
            { ".webm", $"{Vp9} -c:a libopus", "vp9", "opus" },
            { ".webm", $"{Vp9} -c:a libvorbis", "vp9", "aac" },
        };

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Pairs))]
    public async Task Each_ends_playable_or_says_what_to_do(string extension, string codecs, string pictures, string sound)
    {
        var path = await Rewriter.MakeAsync($"{Rewriter.Picture} {Rewriter.Tone} {codecs}", extension);
        var media = await Rewriter.ProbeAsync(path);
        var isTranscoded = pictures.EndsWith(" transcoded", StringComparison.Ordinal);

        var decision = MediaPlan.Decide(media, MediaPlan.IsMp4(media) ? Moov.Last : Moov.Unread, new());
        var allowed = MediaPlan.Decide(media, MediaPlan.IsMp4(media) ? Moov.Last : Moov.Unread, new() { TranscodeVideo = true });

        Assert.Equal(isTranscoded, decision.Action == MediaAction.KeepAsFile);
        if (isTranscoded)
            Assert.Contains("Set TgVault__Ingest__TranscodeVideo=true and retry", decision.Reason, StringComparison.Ordinal);
        Assert.NotEqual(MediaAction.KeepAsFile, allowed.Action);
        if (allowed.Action == MediaAction.Relocate)
            return;
        // Whoever reads it learns what became of both.
        Assert.Equal(isTranscoded, allowed.Reason.Contains("video transcoded to H.264", StringComparison.Ordinal));
        Assert.Equal(
            media.Tracks.Any(track => track.Kind == MediaTrackKind.Audio && track.Codec != sound),
            allowed.Reason.Contains("sound transcoded to AAC", StringComparison.Ordinal)
        );

        var (written, output) = await Rewriter.WriteAsync(path);

        Assert.Equal([pictures.Split(' ')[0], sound], written.Media.Tracks.Select(track => track.Codec));
        Assert.Empty(written.Changes);
        using var stored = new Source(output);
        var index = await stored.IndexAsync();
        Assert.Equal(2, index.Tracks.Length);
        var frames = await Mp4Clips.AllFramesAsync(path, "0:v:0");
        Assert.Equal(frames.Length, (await Mp4Clips.AllFramesAsync(output, "0:v:0")).Length);
        Assert.Equal(frames[^1].EndSeconds - frames[0].Seconds, index.DurationSeconds, 0.1);
        // Sound and pictures begin together.
        Assert.InRange(written.Media.Tracks[1].StartSeconds!.Value - written.Media.Tracks[0].StartSeconds!.Value, -0.1, 0.1);
    }
}
