using TgVault.Core.Videos;

namespace TgVault.Core.Ingest.Decision;

/// <summary>
/// How transcoded sound is laid out over speakers: only as AAC has a number for (ISO 14496-3, table 1.19). What has none needs a program
/// config element, which no player by Media Source Extensions reads.
/// </summary>
static class AacLayout
{
    /// <summary>The layout of the same number of channels; more than AAC has numbers for are mixed down.</summary>
    public static string Of(MediaTrack track) =>
        track.Channels switch
        {
            <= 1 => "mono",
            2 => "stereo",
            3 => "3.0",
            4 => "4.0",
            5 => "5.0",
            6 => "5.1",
            _ => "7.1",
        };
}
