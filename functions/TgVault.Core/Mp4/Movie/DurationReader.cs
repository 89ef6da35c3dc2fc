using TgVault.Core.Mp4.Boxes;

namespace TgVault.Core.Mp4.Movie;

/// <summary>
/// Reads how long samples last (stts, ISO 14496-12 §8.6.1.2), where some writers store a step back in time as a negative number. As in
/// ffmpeg, and so in browsers, such a sample lasts one tick, and the ones behind it are shortened until the time is caught up.
/// </summary>
struct DurationReader(Table durations)
{
    // A step back that is meant as one; what is "lower" is no time at all (ffmpeg's max_stts_delta).
    const int LargestStepBack = -48_000 * 10;

    int _entry = -1;
    uint _left;
    uint _duration;
    Int128 _meant;
    Int128 _counted;

    /// <summary>The next sample's duration in ticks; false where the table has no more.</summary>
    public bool TryNext(out uint duration)
    {
        while (_left == 0)
        {
            if (++_entry >= durations.Count)
            {
                duration = 0;
                return false;
            }

            _left = durations.UInt32(_entry);
            _duration = Corrected(_left, durations.UInt32(_entry, 1));
        }

        _left--;
        duration = _duration;
        return true;
    }

    uint Corrected(uint count, uint stored)
    {
        var signed = (int)stored;
        var duration = signed < 0 ? 1 : stored;
        _meant += (Int128)count * (signed is < 0 and >= LargestStepBack ? signed : duration);
        _counted += (Int128)count * duration;
        if (_counted <= _meant || count == 0 || duration == 0)
            return duration;
        // The same from every sample of the entry, and at least one tick is left of each.
        var correction = (uint)Int128.Min((_counted - _meant) / count, duration - 1);
        _counted -= (Int128)count * correction;
        return duration - correction;
    }
}
