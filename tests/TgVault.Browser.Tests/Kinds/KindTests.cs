using Microsoft.Playwright;

namespace TgVault.Browser.Tests.Kinds;

/// <summary>
/// What is called playable plays in Chromium and Firefox, by the video element alone, hls.js, dash.js and shaka: no error, from
/// its first picture to its end, at any place, with its sounds, captions and sizes.
/// </summary>
[Collection(KindCollection.Name)]
public sealed class KindTests(KindVault vault)
{
    public static TheoryData<string> Names => [.. KindTable.All.Select(kind => kind.Name)];

    // Playing is mostly waiting, but each page takes a while to start.
    static readonly SemaphoreSlim Pages = new(2);

    // Usually one of the ways in each browser, by turns, so that over all kinds each has its share: all of them take half an hour.
    static readonly bool InAllWays = Environment.GetEnvironmentVariable("TGVAULT_KINDS") == "all";

    [Theory(Timeout = 240_000)]
    [MemberData(nameof(Names))]
    public async Task It_plays_in_both_browsers(string name)
    {
        var kind = KindTable.All.Single(kind => kind.Name == name);
        var root = await vault.RootAsync(kind);

        var problems = await Task.WhenAll(
            WaysOf(kind, isFirefox: false)
                .Select(way => TryAsync(vault.Chromium.Browser, way, kind, root))
                .Concat(WaysOf(kind, isFirefox: true).Select(way => TryAsync(vault.Firefox.Browser, way, kind, root)))
        );

        Assert.False(problems.Any(problem => problem.Length > 0), string.Join('\n', problems));
        if (kind.IsHevc)
            Assert.False(await CanPlayHevcAsync(vault.Chromium.Browser), "This Chromium decodes HEVC: it may be tried.");
    }

    static List<Way> WaysOf(Kind kind, bool isFirefox)
    {
        var ways = AllWaysOf(kind, isFirefox).ToList();
        if (InAllWays || ways.Count == 0)
            return ways;
        var turn = KindTable.All.Index().Single(entry => entry.Item == kind).Index + (isFirefox ? Way.All.Count / 2 : 0);
        var telling = kind.HasChoice ? ways.FindAll(way => way.Player is not null) : ways;
        return [telling[turn % telling.Count]];
    }

    static IEnumerable<Way> AllWaysOf(Kind kind, bool isFirefox) =>
        kind.IsHevc && !isFirefox
            ? []
            : Way.All.Where(way => (!kind.IsFileOnly || way.Path == Way.File) && CanSwitch(way, kind, isFirefox));

    // To switch at once, shaka 4 clears its buffer and seeks back by a millisecond. In Firefox that seek comes while it fetches the init
    // segment of what it switches to, and ends that request (StreamingEngine.seeked): it is never asked for again. By HLS it goes on,
    // unless somebody else seeks just then. Keeping a second of its buffer leaves a hole behind it that it does not fill.
    static bool CanSwitch(Way way, Kind kind, bool isFirefox) => !kind.HasChoice || !isFirefox || way.Name != Way.ShakaByDash;

    async Task<bool> CanPlayHevcAsync(IBrowser browser)
    {
        var judge = await Judge.OpenAsync(browser, vault.Site, Way.All[0]);
        var answer = await judge.AskAsync<bool>("() => judge.video.canPlayType('video/mp4; codecs=\"hvc1.1.6.L60.90\"') !== ''");
        await judge.CloseAsync();
        return answer;
    }

    // One line for each way that fails, so that all of them are told.
    async Task<string> TryAsync(IBrowser browser, Way way, Kind kind, string root)
    {
        await Pages.WaitAsync();
        Judge? judge = null;
        try
        {
            judge = await Judge.OpenAsync(browser, vault.Site, way);
            await PlayAsync(judge, way, kind, root, SpecOf(kind));
            return "";
        }
        catch (PlaywrightException exception)
        {
            return $"{browser.BrowserType.Name}, {way.Name}: {exception.Message}";
        }
        finally
        {
            await (judge?.CloseAsync() ?? Task.CompletedTask);
            Pages.Release();
        }
    }

    static async Task PlayAsync(Judge judge, Way way, Kind kind, string root, object spec)
    {
        await judge.RunAsync("hasCaptions => { judge.hasCaptions = hasCaptions; }", kind.HasCaptions);
        await judge.RunAsync(way.Start, root);
        await judge.RunAsync(Begin, spec);
        if (kind.Sounds.Count > 1 && way.Player is not null)
        {
            foreach (var (language, tone) in kind.Sounds.Reverse())
            {
                await judge.RunAsync(way.Player.ChooseSound, language);
                await judge.RunAsync("tone => judge.until(`tone ${tone}`, () => judge.hears(tone))", tone);
            }
        }

        await judge.RunAsync("() => judge.video.pause()");
        if (kind.HasCaptions)
        {
            await judge.RunAsync($"() => judge.until('the captions', () => ({way.ShowCaptions})('en'))");
            await judge.RunAsync(SeeText, new { at = Kind.TextAt, text = Kind.Text });
        }

        foreach (var height in way.Player is null ? [] : kind.Heights)
        {
            await judge.RunAsync(way.Player!.ChooseHeight, height);
            await judge.RunAsync(SeeHeight, height);
        }

        await judge.RunAsync(Seek, spec);
        await judge.RunAsync(End, spec);
    }

    static object SpecOf(Kind kind)
    {
        var random = new Random(7);
        var places = Enumerable.Range(0, 10).Select(_ => random.NextDouble()).ToList();
        return new
        {
            seconds = kind.Seconds,
            hasPictures = kind.HasPictures,
            still = !kind.HasPictures ? -1 : kind.PictureAt(0).Number,
            lastAt = kind.HasPictures ? kind.PictureAt(1).Seconds : -1,
            last = kind.HasPictures ? kind.PicturesNear(kind.PictureAt(1)).ToArray() : null,
            // Sound alone is there: the last picture stays.
            behind = (kind.PicturesEnd + kind.Seconds) / 2,
            frame = kind.HasPictures ? 1 / kind.Rate : 0.05,
            // Which of several is played first is the player's affair.
            tone = kind.Sounds.Count == 1 ? kind.Sounds.Values.First() : 0,
            seeks = places
                .Select(part => kind.HasPictures ? kind.PictureAt(part) : (Seconds: part * kind.Seconds, Number: -1))
                .Select(place => new { at = place.Seconds, numbers = kind.HasPictures ? kind.PicturesNear(place).ToArray() : null })
                .ToArray(),
        };
    }

    // Sound of a film is encoded in pieces of up to 64 ms, so it may end a little later than its pictures.
    const string Begin = """
        async spec => {
          const { video, number, until, play, hears } = judge;
          await until('data', () => video.readyState >= 2 && !video.seeking);
          if (spec.hasPictures) await until(`picture ${spec.still} at the start`, () => number() === spec.still);
          const most = Math.max(spec.frame, 0.07);
          await until(`a length of ${spec.seconds}`, () => Math.abs(video.duration - spec.seconds) <= most);
          await play();
          if (spec.tone) await until(`tone ${spec.tone}`, () => hears(spec.tone));
          await until('some of it', () => video.currentTime > 0.3);
        }
        """;

    const string SeeText = """
        async ({ at, text }) => {
          const { video, until, seek } = judge;
          await seek(at, null);
          const shown = () => [...video.textTracks].filter(track => track.mode !== 'disabled')
            .flatMap(track => [...track.activeCues ?? []]).some(cue => cue.text.includes(text));
          await until(`the text ${text}`, shown);
        }
        """;

    // Paused, Firefox goes on showing the picture that it has.
    const string SeeHeight = """
        async height => {
          const { video, until, play } = judge;
          await play();
          await until(`height ${height}`, () => video.videoHeight === height);
          video.pause();
        }
        """;

    const string Seek = """
        async spec => {
          const { seek } = judge;
          for (const { at, numbers } of spec.seeks) await seek(at, numbers);
        }
        """;

    const string End = """
        async spec => {
          const { video, until, seek, play } = judge;
          await seek(Math.max(0, spec.seconds - 1), null);
          await play();
          // dash.js may leave it at its last picture without an event.
          await until('the end', () => video.ended || video.currentTime >= video.duration - 0.02);
          await until(`an end at ${spec.seconds}`, () => Math.abs(video.currentTime - spec.seconds) <= Math.max(spec.frame, 0.07));
          video.pause();
          // A busy machine may leave out the last one while it plays.
          if (spec.hasPictures) await seek(spec.lastAt, spec.last);
          if (spec.behind === null) return;
          await seek(spec.seeks[0].at, spec.seeks[0].numbers);
          await seek(spec.behind, spec.last);
          await play();
          await until(`tone ${spec.tone} behind the pictures`, () => judge.hears(spec.tone));
        }
        """;
}
