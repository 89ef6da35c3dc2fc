namespace TgVault.Browser.Tests.Kinds;

/// <summary>A way of playing in a browser.</summary>
/// <param name="Name">What tests call it.</param>
/// <param name="Player">The player; null for the video element alone.</param>
/// <param name="Path">What it is given, below the link.</param>
sealed record Way(string Name, Player? Player, string Path)
{
    public const string File = "video.mp4";

    public const string ShakaByDash = "shaka by DASH";

    public static IReadOnlyList<Way> All { get; } =
    [
        new("the element", null, File),
        new("the element, fragmented", null, "fragmented.mp4"),
        new("hls.js", Player.Named("hls.js"), "hls/master.m3u8"),
        new("dash.js", Player.Named("dash.js"), "dash/manifest.mpd"),
        new("shaka by HLS", Player.Named("shaka"), "hls/master.m3u8"),
        new(ShakaByDash, Player.Named("shaka"), "dash/manifest.mpd"),
    ];

    /// <summary>A page of somebody's site with a video element that scripts may look into.</summary>
    public string Html =>
        "<!doctype html><meta charset=utf-8><title>A site</title><video crossorigin=anonymous></video>"
        + (Player is null ? "" : $"<script src=\"/{Player.Name}\"></script>");

    /// <summary>Script text: a function of the link's folder that begins to play.</summary>
    public string Start =>
        Player is null
            ? $$"""
                root => {
                  const video = document.querySelector('video');
                  const track = Object.assign(document.createElement('track'), { srclang: 'en', src: root + 'captions/en.vtt' });
                  if (judge.hasCaptions) video.append(track);
                  video.src = root + '{{Path}}';
                }
                """
            : $"root => ({Player.Start})(root + '{Path}')";

    /// <summary>Script text: a function that shows the English captions; false before there are any.</summary>
    public string ShowCaptions =>
        Player?.ShowCaptions
        ?? """
            () => {
              document.querySelector('video').textTracks[0].mode = 'showing';
              return true;
            }
            """;

    public override string ToString() => Name;
}
