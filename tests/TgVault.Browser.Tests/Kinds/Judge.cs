using Microsoft.Playwright;

namespace TgVault.Browser.Tests.Kinds;

/// <summary>Looks and listens in a page, as a person would: which picture is on the screen, which tone is heard.</summary>
sealed class Judge
{
    // What waits longer than this does not come.
    const int LongestSeconds = 100;

    // Timers, not frames: a page in the background has none.
    const string Script = """
        (() => {
          const video = document.querySelector('video');
          const problems = window.problems = [];
          video.addEventListener('error', () => problems.push(`error ${video.error?.code} of the element: ${video.error?.message}`));
          addEventListener('error', ({ message }) => problems.push(`script: ${message}`));
          addEventListener('unhandledrejection', ({ reason }) => problems.push(`script: ${reason?.message ?? reason?.code ?? reason}`));

          const drawing = Object.assign(document.createElement('canvas'), { width: 32, height: 4 })
            .getContext('2d', { willReadFrequently: true });
          // The number in the stripes of what is shown; null where a stripe is neither light nor dark, or nothing is shown.
          const number = () => {
            if (video.readyState < 2 || video.videoWidth === 0) return null;
            drawing.drawImage(video, 0, 0, 32, 4);
            const pixels = drawing.getImageData(0, 2, 32, 1).data;
            let read = 0;
            for (let bit = 0; bit < 8; bit++) {
              const grey = pixels[4 * (4 * bit + 2) + 1];
              if (grey > 70 && grey < 180) return null;
              if (grey > 128) read += 1 << bit;
            }
            return read;
          };

          const sound = new AudioContext(), analyser = new AnalyserNode(sound, { fftSize: 4096, smoothingTimeConstant: 0 });
          sound.createMediaElementSource(video).connect(analyser).connect(new GainNode(sound, { gain: 0 })).connect(sound.destination);
          const levels = new Float32Array(analyser.frequencyBinCount);
          // The loudest tone that is heard, in hertz; 0 in silence.
          const tone = () => {
            analyser.getFloatFrequencyData(levels);
            const loudest = levels.indexOf(Math.max(...levels));
            return levels[loudest] > -70 ? loudest * sound.sampleRate / analyser.fftSize : 0;
          };
          const hears = wanted => Math.abs(tone() - wanted) < 30;

          const state = () => `at ${video.currentTime} of ${video.duration}, ready ${video.readyState}, seeking ${video.seeking}, ` +
            `paused ${video.paused}, ended ${video.ended}, picture ${number()}, tone ${tone()}, sound ${sound.state}, ` +
            `buffered ${Array.from(video.buffered, (_, i) => `${video.buffered.start(i)}-${video.buffered.end(i)}`)}`;
          // How long a page waits for what it has is the machine's affair: it has to come to the end all the same.
          const wrong = () => problems.filter(problem => !/^(bufferStalledError|fragLoadTimeOut)  /.test(problem));
          const until = (what, condition) => new Promise((done, failed) => {
            const end = performance.now() + 1000 * LONGEST;
            (function look() {
              if (wrong().length) return failed(new Error(`${what}: ${wrong().join('; ')}`));
              if (condition()) return done();
              if (performance.now() > end) return failed(new Error(`${what} did not come: ${state()}`));
              setTimeout(look, 5);
            })();
          });
          const seek = async (seconds, wanted) => {
            video.currentTime = seconds;
            await until(`picture ${wanted} at ${seconds}`, () => !video.seeking && (wanted === null || wanted.includes(number())));
          };
          const play = async () => {
            await sound.resume();
            await video.play();
          };
          window.judge = { video, problems, number, tone, hears, until, seek, play, state, hasCaptions: false };
        })()
        """;

    readonly IPage _page;

    Judge(IPage page) => _page = page;

    /// <summary>Opens a page of a way of playing; nothing is loaded yet.</summary>
    public static async Task<Judge> OpenAsync(IBrowser browser, Site site, Way way)
    {
        var page = await browser.NewPageAsync();
        page.SetDefaultTimeout(120_000);
        await page.GotoAsync(site.Publish($"judge-{way.Name.Replace(' ', '-')}", way.Html));
        await page.EvaluateAsync(Script.Replace("LONGEST", $"{LongestSeconds}", StringComparison.Ordinal));
        return new Judge(page);
    }

    public Task<T> AskAsync<T>(string script, object? argument = null) => _page.EvaluateAsync<T>(script, argument);

    public async Task RunAsync(string script, object? argument = null) => await _page.EvaluateAsync(script, argument);

    public Task CloseAsync() => _page.CloseAsync();
}
