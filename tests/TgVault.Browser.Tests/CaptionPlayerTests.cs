using System.Globalization;
using Microsoft.Playwright;
using TgVault.Testing;

namespace TgVault.Browser.Tests;

/// <summary>Captions in the players that sites use: they show with the pictures that they belong to.</summary>
public sealed class CaptionPlayerTests(SharedBrowser browser) : IClassFixture<SharedBrowser>
{
    const float LongestMilliseconds = 40_000;

    const int Width = 48;
    const int Height = 27;
    const double FrameRate = 30;

    // Long enough for a text to be there, and shorter than any.
    const double After = 0.3;

    [Theory(Timeout = 240_000)]
    [InlineData("hls.js", "hls", "captions.mkv")]
    [InlineData("hls.js", "hls", "h264-bframes.mp4")]
    [InlineData("hls.js", "hls", "late-video.mp4")]
    [InlineData("hls.js", "hls", "late-audio.mp4")]
    [InlineData("hls.js", "hls", "cut.mp4")]
    [InlineData("shaka", "hls", "captions.mkv")]
    [InlineData("shaka", "hls", "late-video.mp4")]
    [InlineData("shaka", "hls", "cut.mp4")]
    [InlineData("shaka", "dash", "captions.mkv")]
    [InlineData("shaka", "dash", "cut.mp4")]
    [InlineData("dash.js", "dash", "captions.mkv")]
    [InlineData("dash.js", "dash", "cut.mp4")]
    [InlineData("dash.js", "dash", "late-video.mp4")]
    [InlineData("dash.js", "dash", "late-audio.mp4")]
    public async Task A_text_is_shown_with_its_pictures(string name, string kind, string clip)
    {
        var (path, id) = await StoreAsync(clip);
        var link = await browser.Vault.LinkAsync(id, kind);
        var expected = await TextsAsync(await browser.Vault.LinkAsync(id));
        var player = Player.Named(name);
        var page = await browser.Chromium.Browser.NewPageAsync();
        page.SetDefaultTimeout(LongestMilliseconds);
        await page.GotoAsync(browser.Site.PageWith(player));
        await page.EvaluateAsync("window.problems = []");
        await page.EvaluateAsync(player.Start, link);
        await WaitAsync(page, "() => document.querySelector('video').readyState >= 3");
        await WaitAsync(page, $"() => ({player.ShowCaptions})('en')");

        var pictures = await PicturesAsync(path);
        foreach (var (start, end, text) in expected)
        {
            await page.EvaluateAsync("seconds => { document.querySelector('video').currentTime = seconds }", start + 0.1);
            await WaitAsync(page, $"text => ({FindCue})(text) !== undefined", text);
            var times = await page.EvaluateAsync<double[]>(
                $"text => {{ const cue = ({FindCue})(text); return [cue.startTime, cue.endTime]; }}",
                text
            );
            Assert.Equal(end - start, times[1] - times[0], 0.002);

            // Whatever time the player calls it: what is on the screen then is the picture that the file shows at the text's time.
            var seen = await page.EvaluateAsync<int[]>(Look, times[0] + After).WaitAsync(TimeSpan.FromMilliseconds(LongestMilliseconds));
            Assert.Equal(start + After, TimeOf(pictures, seen), 0.1);
            await WaitAsync(page, $"text => {{ const cue = ({FindCue})(text); return [...cue.track.activeCues].includes(cue); }}", text);
        }

        Assert.Empty(await page.EvaluateAsync<string[]>("problems"));
        await page.CloseAsync();
    }

    // Players may leave markup and line ends out.
    const string FindCue = """
        text => [...document.querySelector('video').textTracks].filter(track => track.mode !== 'disabled')
          .flatMap(track => [...track.cues ?? []])
          .find(cue => (cue.getCueAsHTML?.().textContent ?? cue.text).trim().startsWith(text))
        """;

    // The picture at a time, small and grey.
    const string Look = """
        seconds => new Promise(done => {
          const video = document.querySelector('video');
          video.requestVideoFrameCallback(function look(_, frame) {
            if (Math.abs(frame.mediaTime - seconds) > 0.05) return video.requestVideoFrameCallback(look);
            const canvas = new OffscreenCanvas(48, 27), drawing = canvas.getContext('2d');
            drawing.imageSmoothingQuality = 'high';
            drawing.drawImage(video, 0, 0, 48, 27);
            const pixels = drawing.getImageData(0, 0, 48, 27).data;
            const grey = i => Math.round(0.299 * pixels[4 * i] + 0.587 * pixels[4 * i + 1] + 0.114 * pixels[4 * i + 2]);
            done(Array.from({ length: 48 * 27 }, (_, i) => grey(i)));
          });
          video.currentTime = seconds;
        })
        """;

    // For whoever reads a failure.
    const string State = """
        () => {
          const video = document.querySelector('video');
          const cues = track => [...track.cues ?? []].map(cue => `${cue.startTime}-${cue.endTime} ${cue.text}`);
          const tracks = [...video.textTracks].map(track => ({ language: track.language, mode: track.mode, cues: cues(track) }));
          const fetched = performance.getEntriesByType('resource')
            .map(entry => `${entry.responseStatus} ${entry.name.split('/').slice(-2).join('/')}`);
          return JSON.stringify({ time: video.currentTime, ready: video.readyState, seeking: video.seeking, tracks, fetched });
        }
        """;

    async Task<(string Path, string Id)> StoreAsync(string clip)
    {
        if (clip.StartsWith("captions", StringComparison.Ordinal))
        {
            var subtitled = await CaptionClips.PathAsync(clip);
            return (subtitled, (await browser.Vault.UploadAsync(subtitled)).GetProperty("id").GetString()!);
        }

        var path = await Mp4Clips.PathAsync(clip);
        var id = (await browser.Vault.UploadAsync(path)).GetProperty("id").GetString()!;
        var text = Mp4Clips.NewPath(".srt");
        // What is cut off is over before most texts begin.
        await File.WriteAllTextAsync(
            text,
            clip == "cut.mp4"
                ? "1\n00:00:00,500 --> 00:00:02,000\nHello\n\n2\n00:00:04,000 --> 00:00:07,000\nThe end\n"
                : CaptionClips.English
        );
        var put = await browser.Vault.RunAsync("caption", id, text, "--lang", "en", "--name", "English");
        Assert.True(put.ExitCode == 0, put.Error);
        return (path, id);
    }

    // From the texts that go with the file itself: times, and how the text begins.
    static async Task<(double Start, double End, string Text)[]> TextsAsync(string fileLink)
    {
        using var client = new HttpClient();
        var webVtt = await client.GetStringAsync(new Uri(fileLink.Replace("video.mp4", "captions/en.vtt", StringComparison.Ordinal)));
        return
        [
            .. webVtt
                .Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
                .Skip(1)
                .Select(entry => entry.Split('\n'))
                .Select(lines => (Seconds(lines[0].Split(' ')[0]), Seconds(lines[0].Split(' ')[2]), lines[1].Split('<', '&')[0].Trim())),
        ];
    }

    // All pictures that the file shows, by number from its start.
    static async Task<byte[]> PicturesAsync(string path)
    {
        var output = Mp4Clips.NewPath(".gray");
        await Mp4Clips.RunAsync(
            "ffmpeg",
            $"-hide_banner -loglevel error -copyts -i {path} -map 0:v -vf "
                + $"fps={FrameRate}:start_time=0,scale={Width}:{Height}:flags=area,format=gray -f rawvideo {output}"
        );
        return await File.ReadAllBytesAsync(output);
    }

    // Of the picture that differs least.
    static double TimeOf(byte[] pictures, int[] seen)
    {
        const int size = Width * Height;
        Assert.Equal(size, seen.Length);
        return Enumerable
                .Range(0, pictures.Length / size)
                .MinBy(number => seen.Select((value, i) => Math.Abs(value - pictures[(number * size) + i])).Sum()) / FrameRate;
    }

    static double Seconds(string time) => TimeSpan.Parse(time, CultureInfo.InvariantCulture).TotalSeconds;

    static async Task WaitAsync(IPage page, string condition, object? argument = null)
    {
        try
        {
            await page.WaitForFunctionAsync(
                $"argument => {{ if (problems.length) throw new Error(problems.join()); return ({condition})(argument); }}",
                argument
            );
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{condition} was not met: {await page.EvaluateAsync<string>(State)}", exception);
        }
    }
}
