using TgVault.Core.Mp4.Movie;

namespace TgVault.Core.Mp4.Edits;

/// <summary>
/// How much sound before the start is kept, though it is not shown: what a decoder needs so that the first sound is right. What encoders
/// put there is mostly that, what cutters leave there is up to seconds. Players that know no edit lists begin with it, and programs count
/// it as part of a film's length.
/// </summary>
static class Priming
{
    // RFC 7845, section 4.6. The others' samples overlap with the one before, or with none.
    const double OpusSeconds = 0.08;

    // Longer than any codec's: what lasts longer in its table is not priming.
    const double LongestSeconds = 0.15;

    /// <summary>Whether a sample of sound lies before all that is needed.</summary>
    /// <param name="track">Its track.</param>
    /// <param name="edit">What of it is shown.</param>
    /// <param name="sample">The sample.</param>
    /// <param name="shown">When it would be shown, in ticks of the media.</param>
    public static bool IsOlder(TrackBox track, EditList edit, Sample sample, long shown)
    {
        var needed = track.Entry.Codec == "opus" ? (long)(OpusSeconds * track.Timescale) : sample.Duration;
        return shown + sample.Duration <= edit.MediaStart - Math.Min(needed, (long)(LongestSeconds * track.Timescale))
            || shown < edit.MediaStart - (long)(LongestSeconds * track.Timescale);
    }
}
