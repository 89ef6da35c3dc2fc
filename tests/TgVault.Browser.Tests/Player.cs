using TgVault.Testing;

namespace TgVault.Browser.Tests;

/// <summary>A player from npm, as sites use it.</summary>
/// <param name="Name">What tests call it.</param>
/// <param name="Script">Its file below node_modules.</param>
/// <param name="Start">Script text: a function of the URL that plays it in the page's video element and reports every error to
/// <c>problems</c>.</param>
/// <param name="ShowCaptions">Script text: a function of a language that shows the captions in it, once the player knows of them; false
/// before.</param>
/// <param name="ChooseSound">Script text: a function of a language that plays the sound in it.</param>
/// <param name="ChooseHeight">Script text: a function of a height that shows the pictures of it.</param>
sealed record Player(string Name, string Script, string Start, string ShowCaptions, string ChooseSound, string ChooseHeight)
{
    /// <summary>
    /// Script text: a function of an hls.js that reports its errors to <c>problems</c>, but for what is a busy machine's: fetches that it
    /// ends itself because a seek made them useless ("an internal call to abort a loader", its ErrorDetails); a picture that stands still
    /// with its data there, which is a decoder (whether that gets on is what <see cref="Watch"/> sees); and a hole where a whole segment
    /// is not there yet. Segments that do not join leave smaller ones.
    /// </summary>
    public const string HearHls = """
        hls => hls.on(Hls.Events.ERROR, (_, problem) => {
          const { INTERNAL_ABORTED, BUFFER_STALLED_ERROR, BUFFER_SEEK_OVER_HOLE } = Hls.ErrorDetails;
          const shortestSegment = 2;
          const { end, nextStart = Infinity } = problem.bufferInfo ?? {};
          const isMissing = nextStart - end > shortestSegment;
          const isBusy =
            problem.details === INTERNAL_ABORTED ||
            (problem.details === BUFFER_STALLED_ERROR && (problem.buffer > 0.5 || isMissing)) ||
            (problem.details === BUFFER_SEEK_OVER_HOLE && isMissing);
          if (problem.fatal || !isBusy) problems.push(`${problem.details} ${problem.fatal ? 'fatal' : ''} ${problem.error ?? ''}`);
        })
        """;

    static readonly Player[] All =
    [
        new(
            "hls.js",
            "hls.js/dist/hls.min.js",
            $$"""
            url => {
              const hls = window.player = new Hls();
              ({{HearHls}})(hls);
              hls.loadSource(url);
              hls.attachMedia(document.querySelector('video'));
            }
            """,
            """
            language => {
              const track = player.subtitleTracks.findIndex(track => track.lang === language);
              if (track < 0) return false;
              player.subtitleTrack = track;
              player.subtitleDisplay = true;
              return true;
            }
            """,
            "language => { player.audioTrack = player.audioTracks.findIndex(track => track.lang === language); }",
            "height => { player.currentLevel = player.levels.findIndex(level => level.height === height); }"
        ),
        new(
            "dash.js",
            "dashjs/dist/modern/umd/dash.all.min.js",
            """
            url => {
              const player = window.player = dashjs.MediaPlayer().create();
              player.on(dashjs.MediaPlayer.events.ERROR, problem => problems.push(problem.error.message));
              player.on(dashjs.MediaPlayer.events.PLAYBACK_ERROR, problem => problems.push(`playback ${problem.error}`));
              window.haveTexts = false;
              player.on(dashjs.MediaPlayer.events.FRAGMENT_LOADING_COMPLETED, ({ request }) => {
                if (request.mediaType === 'text') setTimeout(() => { haveTexts = true; });
              });
              player.initialize(document.querySelector('video'), url, false);
            }
            """,
            // It loses captions that it is still fetching when something seeks (its issue 5135), so they have to be there first.
            """
            language => {
              if (!haveTexts) return false;
              const track = [...document.querySelector('video').textTracks].findIndex(track => track.language === language);
              if (track < 0) return false;
              if (player.isTextEnabled() && player.getCurrentTextTrackIndex() === track) return true;
              player.enableText(true);
              player.setTextTrack(track);
              return false;
            }
            """,
            "language => player.setCurrentTrack(player.getTracksFor('audio').find(track => track.lang === language))",
            """
            height => {
              player.updateSettings({ streaming: { abr: { autoSwitchBitrate: { video: false } } } });
              const wanted = player.getRepresentationsByType('video').find(one => one.height === height);
              player.setRepresentationForTypeById('video', wanted.id, true);
            }
            """
        ),
        new(
            "shaka",
            "shaka-player/dist/shaka-player.compiled.js",
            """
            async url => {
              shaka.polyfill.installAll();
              const player = window.player = new shaka.Player();
              player.addEventListener('error', problem => problems.push(`shaka ${problem.detail.code}`));
              await player.attach(document.querySelector('video'));
              await player.load(url);
            }
            """,
            """
            language => {
              const track = player.getTextTracks().find(track => track.language === language);
              if (!track) return false;
              player.selectTextTrack(track);
              if (player.setTextTrackVisibility) player.setTextTrackVisibility(true);
              return true;
            }
            """,
            """
            language => {
              const height = player.getVariantTracks().find(track => track.active)?.height;
              player.configure({ abr: { enabled: false } });
              player.selectVariantTrack(
                player.getVariantTracks().find(track => track.language === language && track.height === height), true);
            }
            """,
            """
            height => {
              player.configure({ abr: { enabled: false } });
              player.selectVariantTrack(player.getVariantTracks().find(track => track.height === height), true);
            }
            """
        ),
    ];

    public static Player Named(string name) =>
        Array.Find(All, player => player.Name == name) ?? throw new ArgumentException("There is no such player.", nameof(name));

    /// <summary>The path of the script of the player with this name; null where there is none.</summary>
    public static string? ScriptOf(string name) =>
        Array.Find(All, player => player.Name == name) is { } found ? Path.Combine(RepositoryFolders.NodeModules(), found.Script) : null;
}
