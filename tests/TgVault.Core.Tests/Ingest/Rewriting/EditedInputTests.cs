using TgVault.Core.Tests.Mp4;
using TgVault.Testing;

namespace TgVault.Core.Tests.Ingest.Rewriting;

/// <summary>Of a film that an edit list shows in several pieces only these are seen where ffmpeg copies its pictures.</summary>
public sealed class EditedInputTests
{
    // Pictures that only others need are shown for a tick.
    const double Moment = 0.01;
    const int PicturesPerSecond = 25;

    // First picture and how many, out of 100 with a keyframe at every 25th.
    static readonly (int First, int Count)[] Pieces = [(30, 20), (75, 15), (5, 10)];

    [Theory(Timeout = 120_000)]
    // The sound is encoded anew, or copied like the pictures.
    [InlineData("ac3", ".mp4", 0, false)]
    [InlineData("pcm_s16le", ".mov", 0, false)]
    [InlineData("aac", ".mp4", 1024, false)]
    // moov runs to the end of the file.
    [InlineData("ac3", ".mp4", 0, true)]
    public async Task Pieces_are_shown_one_behind_the_other(string sound, string extension, int priming, bool isOpen)
    {
        var path = await Rewriter.MakeAsync(
            "-f lavfi -i testsrc2=size=128x72:rate=25:duration=4 -f lavfi -i sine=frequency=440:sample_rate=48000:duration=4 "
                + $"-c:v libx264 -preset veryfast -bf 2 -g 25 -pix_fmt yuv420p -threads 1 -c:a {sound}",
            extension
        );
        var whole = (await Mp4Clips.AllFramesAsync(path, "0:v:0")).OrderBy(frame => frame.Time).ToList();
        // Pictures count 12800 ticks a second, the movie 1000.
        var film = Mp4Patch.Edits(
            await File.ReadAllBytesAsync(path),
            0,
            [.. Pieces.Select(piece => (piece.Count * 40, 1024 + (piece.First * 512)))]
        );
        film = Mp4Patch.Edits(film, 1, [.. Pieces.Select(piece => (piece.Count * 40, priming + (piece.First * 1920)))]);
        if (isOpen)
        {
            var moov = film.AsSpan().IndexOf("moov"u8);
            film.AsSpan(moov - 4, 4).Clear();
        }

        await File.WriteAllBytesAsync(path, film);

        var (_, output) = await Rewriter.WriteAsync(path);

        var frames = (await Mp4Clips.AllFramesAsync(output, "0:v:0")).OrderBy(frame => frame.Time).ToList();
        var seen = frames.Where((frame, i) => i + 1 == frames.Count || frames[i + 1].Seconds - frame.Seconds > Moment).ToList();
        Assert.Equal(
            Pieces.SelectMany(piece => whole.GetRange(piece.First, piece.Count)).Select(frame => frame.Checksum),
            seen.Select(frame => frame.Checksum)
        );
        Assert.All(seen, (frame, i) => Assert.Equal(i / (double)PicturesPerSecond, frame.Seconds - seen[0].Seconds, Moment));
        const double seconds = 45 / (double)PicturesPerSecond;
        Assert.Equal(seconds, await Mp4Clips.DurationAsync(output), 0.05);
        using var stored = new Source(output);
        Assert.Equal(seconds, (await stored.IndexAsync()).DurationSeconds, 0.05);
    }

    [Fact(Timeout = 120_000)]
    public async Task Pictures_that_begin_late_keep_their_order()
    {
        // ffmpeg looks five seconds ahead if nobody says otherwise.
        var path = await Rewriter.MakeAsync(
            "-itsoffset 7 -f lavfi -i testsrc2=size=128x72:rate=25:duration=2 -f lavfi -i sine=frequency=440:sample_rate=48000:duration=9 "
                + "-c:v libx264 -preset veryfast -bf 3 -g 25 -pix_fmt yuv420p -threads 1 -c:a aac",
            ".mkv"
        );

        var (_, output) = await Rewriter.WriteAsync(path);

        // Matroska counts milliseconds.
        var frames = (await Mp4Clips.AllFramesAsync(output, "0:v:0")).OrderBy(frame => frame.Time).ToList();
        Assert.Equal(50, frames.Count);
        Assert.Equal(0, frames[0].Seconds);
        Assert.Equal(7.04, frames[1].Seconds, 0.03);
        Assert.All(frames[1..], (frame, i) => Assert.Equal(i / (double)PicturesPerSecond, frame.Seconds - frames[1].Seconds, 0.0015));
    }
}
