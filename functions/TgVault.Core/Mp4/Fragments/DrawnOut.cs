using TgVault.Core.Mp4.Index;
using TgVault.Core.Videos;

namespace TgVault.Core.Mp4.Fragments;

/// <summary>
/// By how much the last sample of a track lasts longer in segments than in the file, so that there is something of it as long as the film
/// lasts: players go wrong where one goes by a seek behind the end of one of two tracks.
/// </summary>
static class DrawnOut
{
    /// <summary>A longer silence at the end is the ingest's affair.</summary>
    const int LongestSilenceSeconds = 2;

    /// <summary>In ticks of the track.</summary>
    public static long Of(Mp4Index index, int track)
    {
        var (lead, sound) = (index.Tracks[0], index.Tracks[track]);
        if (lead.Kind != MediaTrackKind.Video)
            return 0;
        // dash.js shows an older picture behind the last one's end, and shaka ends HLS there.
        if (sound.Kind == MediaTrackKind.Video)
            return index.PictureTail;
        // hls.js waits for more sound for ever (its issue 7543).
        var pictures = (Int128)(lead.End - index.SegmentOrigin(0)) * sound.Timescale / lead.Timescale;
        var missing = pictures - (sound.End - index.SegmentOrigin(track));
        return missing > 0 && missing <= LongestSilenceSeconds * (Int128)sound.Timescale ? (long)missing : 0;
    }
}
