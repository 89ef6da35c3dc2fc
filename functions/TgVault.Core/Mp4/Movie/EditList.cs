using TgVault.Core.Mp4.Boxes;

namespace TgVault.Core.Mp4.Movie;

/// <summary>
/// What of a track is shown, and when (edts/elst, ISO 14496-12 §8.6.6): after <see cref="Delay"/> of nothing, the media from
/// <see cref="MediaStart"/> on. Encoders use it to hide priming and reordering delay, cutters to hide the frames before a cut.
/// All times are in ticks of the track, though the delay and the length are stored in those of the movie.
/// </summary>
/// <param name="Length">How much is shown; null = all there is.</param>
readonly record struct EditList(long Delay, long MediaStart, long? Length)
{
    /// <summary>The largest time that is believed, in ticks: sums and differences of a few of them stay inside 64 bits.</summary>
    public const long MaxTime = 1L << 56;

    /// <summary>What a track without an edit list shows: everything, at once.</summary>
    public static EditList Everything { get; } = new(0, 0, null);

    /// <summary>
    /// Whether a time of the media is so far behind the end of what is shown that it was not only rounded: lengths are stored in ticks of the
    /// movie, which may be as long as a frame of sound.
    /// </summary>
    public bool IsOver(long mediaTime, uint timescale) => Length is { } length && mediaTime - MediaStart - length > timescale / 50;

    public static EditList Read(ReadOnlySpan<byte> elst, uint movieTimescale, uint timescale)
    {
        var fields = new BoxFields(BoxType.Elst, elst).ReadVersion();
        var count = fields.Count(fields.Version == 1 ? 20 : 12);
        EditList? list = null;
        var delay = 0L;
        for (var i = 0; i < count; i++)
        {
            var length = fields.Time();
            var start = fields.Version == 1 ? fields.Int64() : fields.Int32();
            var rate = fields.UInt32();
            if (length > MaxTime || start < -1 || start > MaxTime || delay > MaxTime || list?.Length > MaxTime)
                throw Damage.In(BoxType.Elst, "has a time that is out of range");
            if (start < 0)
            {
                if (list is null)
                    delay += (long)length;
                else if (i < count - 1)
                    throw Several();
            }
            else if (list is null)
            {
                if (rate != 0x10000)
                    throw new MediaException("The MP4 plays a track at another speed or holds a frame, which is not supported.");
                list = new EditList(delay, start, length == 0 ? null : (long)length);
            }
            else
            {
                list = Join(list.Value, (long)length, start, movieTimescale, timescale);
            }
        }

        var read = list ?? Everything with { Delay = delay };
        return read with
        {
            Delay = Scale(read.Delay, timescale, movieTimescale),
            Length = read.Length is { } shown ? Scale(shown, timescale, movieTimescale) : null,
        };
    }

    static long Scale(long ticks, uint to, uint from)
    {
        // To the nearest tick, as ffmpeg and browsers do.
        var scaled = (((Int128)ticks * to) + (from / 2)) / from;
        return scaled <= MaxTime ? (long)scaled : throw Damage.In(BoxType.Elst, "has a time that is out of range");
    }

    // An edit that goes on where the one before ended is the same edit; within a movie tick, since that is as exact as lengths are.
    static EditList Join(EditList list, long length, long start, uint movieTimescale, uint timescale)
    {
        if (list.Length is not { } before)
            throw Several();
        var expected = list.MediaStart + (Int128)before * timescale / movieTimescale;
        if (Int128.Abs(expected - start) > (timescale / movieTimescale) + 1)
            throw Several();
        return list with { Length = before + length };
    }

    static MediaException Several() => new("The MP4 shows a track in several pieces (edit list), which is not supported.");
}
