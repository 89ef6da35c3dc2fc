using System.Collections.Frozen;
using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Decision;

/// <summary>
/// How transcoded sound is laid out over speakers: only as AAC has a number for (ISO 14496-3, table 1.19). What has none needs a program
/// config element, which no player by Media Source Extensions reads.
/// </summary>
static class AacLayout
{
    // The smallest that has every speaker of the source; those at the side count as those behind, as in films. What has more kinds of
    // speakers than any is mixed down into the nearest by ffmpeg, which knows these names.
    static readonly FrozenDictionary<string, string> Nearest = new Dictionary<string, string>
    {
        ["mono"] = "mono",
        ["stereo"] = "stereo",
        ["downmix"] = "stereo",
        // Without a centre there is no layout that has the subwoofer.
        ["2.1"] = "5.1",
        ["3.0"] = "3.0",
        ["3.0(back)"] = "4.0",
        ["3.1"] = "5.1",
        ["4.0"] = "4.0",
        ["4.1"] = "5.1",
        ["quad"] = "5.0",
        ["quad(side)"] = "5.0",
        ["5.0"] = "5.0",
        ["5.0(side)"] = "5.0",
        ["5.1"] = "5.1",
        ["5.1(side)"] = "5.1",
        ["6.0"] = "7.1",
        ["6.0(front)"] = "5.0",
        ["hexagonal"] = "5.0",
        ["6.1"] = "7.1",
        ["6.1(back)"] = "5.1",
        ["6.1(front)"] = "5.1",
        ["7.0"] = "7.1",
        ["7.0(front)"] = "5.0",
        ["7.1"] = "7.1",
        ["7.1(wide)"] = "5.1",
        ["7.1(wide-side)"] = "5.1",
        ["7.1(top)"] = "5.1",
        ["octagonal"] = "7.1",
    }.ToFrozenDictionary();

    /// <summary>The layout that a track is transcoded to.</summary>
    public static string Of(MediaTrack track) =>
        track.ChannelLayout is { } layout && Nearest.TryGetValue(layout, out var nearest)
            ? nearest
            // What nobody names is what ffmpeg guesses from the number of channels.
            : track.Channels switch
            {
                <= 1 => "mono",
                2 => "stereo",
                3 => "3.0",
                4 => "4.0",
                5 => "5.0",
                6 => "5.1",
                7 or 8 => "7.1",
                // Named ones, which all have these speakers, are mixed down to them. Of others it is not known who they are for.
                _ => track.ChannelLayout is null ? "stereo" : "7.1",
            };
}
