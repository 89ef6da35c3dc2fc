using Microsoft.Playwright;

namespace TgVault.Browser.Tests;

/// <summary>
/// What a page itself sees of playing, whatever the player says: how long the picture stood still, and when flashes
/// were shown and beeps heard.
/// </summary>
static class Watch
{
    // A stall is currentTime not moving while the element is neither paused, seeking nor at its end, and nothing is decoded; and seeking
    // while nothing arrives either: how long decoding and a seek that get on take is the machine's affair.
    // Looked at by timer, so that a stopped picture is seen too.
    const string Stalls = """
        () => {
          const video = document.querySelector('video');
          window.watch = { still: 0, stillMost: 0, seeking: 0, seekingMost: 0, time: -1, work: '' };
          performance.setResourceTimingBufferSize(10_000);
          const decoded = () => [video.webkitVideoDecodedByteCount, video.webkitAudioDecodedByteCount];
          const arrived = () => [
            performance.getEntriesByType('resource').length,
            ...Array.from(video.buffered, (_, i) => video.buffered.end(i)),
          ];
          setInterval(() => {
            const moves = video.paused || video.seeking || video.ended || video.currentTime !== watch.time;
            const work = [...decoded(), ...(video.seeking ? arrived() : [])].join();
            watch.still = moves || work !== watch.work ? 0 : watch.still + 1;
            watch.seeking = video.seeking && work === watch.work ? watch.seeking + 1 : 0;
            watch.work = work;
            watch.stillMost = Math.max(watch.stillMost, watch.still);
            watch.seekingMost = Math.max(watch.seekingMost, watch.seeking);
            watch.time = video.currentTime;
          }, 50);
        }
        """;

    // The element's sound goes through an AudioWorklet, which tells when a beep's first sample passes; frames are looked at as they are
    // given to the compositor.
    const string FlashesAndBeeps = """
        async () => {
          const video = document.querySelector('video');
          const quietSeconds = 0.25;
          video.muted = false;
          const context = window.sound = new AudioContext();
          const code = `registerProcessor('beeps', class extends AudioWorkletProcessor {
            constructor() { super(); this.quiet = sampleRate; }
            process([[samples]]) {
              for (const sample of samples ?? []) {
                if (Math.abs(sample) < 0.2) { this.quiet++; continue; }
                if (this.quiet > sampleRate * ${quietSeconds}) this.port.postMessage(Date.now());
                this.quiet = 0;
              }
              return true;
            }
          })`;
          await context.audioWorklet.addModule(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
          const beeps = new AudioWorkletNode(context, 'beeps');
          context.createMediaElementSource(video).connect(beeps).connect(context.destination);
          window.beeps = [];
          // The message took a while; the media went on meanwhile.
          beeps.port.onmessage = ({ data }) => window.beeps.push(video.currentTime - (Date.now() - data) / 1000);
          window.flashes = [];
          const canvas = new OffscreenCanvas(4, 4).getContext('2d', { willReadFrequently: true });
          let wasWhite = false;
          let black = -1;
          video.requestVideoFrameCallback(function look() {
            // On a busy machine the element shows a later picture by now than the callback tells of; a frame has picture and time of one.
            const frame = new VideoFrame(video);
            const seconds = frame.timestamp / 1e6;
            canvas.drawImage(frame, 0, 0, 4, 4);
            frame.close();
            const isWhite = canvas.getImageData(1, 1, 1, 1).data[0] > 128;
            if (isWhite && !wasWhite) window.flashes.push([black, seconds]);
            if (!isWhite) black = seconds;
            wasWhite = isWhite;
            video.requestVideoFrameCallback(look);
          });
          await context.resume();
        }
        """;

    // Paused, so that the picture of the place is shown and stays, however busy the machine is. It may come a moment after the seek is
    // over; of a frame that a busy compositor leaves out, no callback tells: so the element itself is asked what it shows.
    const string Seek = """
        seconds => new Promise((done, failed) => {
          const video = document.querySelector('video');
          const look = () => {
            const frame = new VideoFrame(video);
            const shown = frame.timestamp / 1e6;
            frame.close();
            if (shown > seconds - 0.1 && shown < seconds + 0.5) video.play().then(() => done(shown), failed);
            else setTimeout(look, 20);
          };
          video.pause();
          video.addEventListener('seeked', look, { once: true });
          video.currentTime = seconds;
        })
        """;

    const string State = """
        () => {
          const { currentTime, seeking, paused, readyState, networkState, buffered } = document.querySelector('video');
          const ranges = Array.from(buffered, (_, i) => [buffered.start(i), buffered.end(i)]);
          return JSON.stringify({ currentTime, seeking, paused, readyState, networkState, ranges });
        }
        """;

    /// <summary>Begins to look for stalls.</summary>
    public static Task StallsAsync(IPage page) => page.EvaluateAsync(Stalls);

    /// <summary>
    /// The most looks in a row, 20 a second, that found the picture standing still, and that found a seek not getting on.
    /// </summary>
    public static async Task<(int Still, int Seeking)> LongestAsync(IPage page)
    {
        var most = await page.EvaluateAsync<int[]>("[watch.stillMost, watch.seekingMost]");
        return (most[0], most[1]);
    }

    /// <summary>Turns the sound on, and begins to look and listen.</summary>
    public static Task FlashesAndBeepsAsync(IPage page) => page.EvaluateAsync(FlashesAndBeeps);

    /// <summary>Media times at which beeps were heard, by the element's clock, in seconds.</summary>
    public static Task<double[]> BeepsAsync(IPage page) => page.EvaluateAsync<double[]>("beeps");

    /// <summary>
    /// Media times, as the frames have them, of the first white frames that were seen and of the black ones seen before them, in seconds.
    /// On a busy machine frames between the two may have been dropped.
    /// </summary>
    public static async Task<(double Black, double White)[]> FlashesAsync(IPage page) =>
        [.. (await page.EvaluateAsync<double[][]>("flashes")).Select(pair => (pair[0], pair[1]))];

    /// <summary>Seeks, and plays on once it shows a frame from there; the media time of that frame.</summary>
    /// <exception cref="TimeoutException">It does not; the message says what the element does instead.</exception>
    public static async Task<double> SeekAsync(IPage page, double seconds, TimeSpan longest)
    {
        try
        {
            return await page.EvaluateAsync<double>(Seek, seconds).WaitAsync(longest);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"No picture of {seconds} s: {await page.EvaluateAsync<string>(State)}", exception);
        }
    }
}
