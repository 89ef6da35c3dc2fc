using System.Collections.Immutable;
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

    /// <summary>More cuts than are made in a film without writing it anew.</summary>
    public const int MaxPieces = 256;

    /// <summary>What a track without an edit list shows: everything, at once.</summary>
    public static EditList Everything { get; } = new(0, 0, null);

    /// <summary>Whether its length is right to the tick: made here, not read from a file.</summary>
    public bool IsExact { get; init; }

    /// <summary>How long a tick is that its length is stored in, in ticks of the track; 0 where the track's are no shorter.</summary>
    public long TickLength { get; init; }

    /// <summary>
    /// Whether a time of the media is so far behind the end of what is shown that it was not only rounded, nor the last picture cut short:
    /// lengths are stored in ticks of the movie, and writers of pictures at varying rates end the list where the last picture was due to
    /// end, not where its sample does. Sound ends where it says, to that tick.
    /// </summary>
    public bool IsOver(long mediaTime, uint timescale, bool isVideo) =>
        Length is { } length
        && mediaTime - MediaStart - length
            > (
                IsExact ? timescale / 50
                : isVideo ? timescale / 10
                : Math.Min(TickLength, timescale / 10)
            );

    /// <summary>The one piece that an edit list shows.</summary>
    /// <exception cref="MediaException">It is damaged, shows several pieces, or changes the speed.</exception>
    public static EditList Read(ReadOnlySpan<byte> elst, uint movieTimescale, uint timescale) =>
        ReadPieces(elst, movieTimescale, timescale) is [var piece] ? piece : throw Several();

    /// <summary>
    /// The pieces that an edit list shows, one behind the other, at least one: each after its own <see cref="Delay"/>. An edit that goes on
    /// where the one before ended is the same piece.
    /// </summary>
    /// <exception cref="MediaException">It is damaged, has more pieces than are read, or changes the speed.</exception>
    public static ImmutableArray<EditList> ReadPieces(ReadOnlySpan<byte> elst, uint movieTimescale, uint timescale)
    {
        var fields = new BoxFields(BoxType.Elst, elst).ReadVersion();
        var count = fields.Count(fields.Version == 1 ? 20 : 12);
        var pieces = new List<EditList>();
        var delay = 0L;
        for (var i = 0; i < count; i++)
        {
            var length = fields.Time();
            var start = fields.Version == 1 ? fields.Int64() : fields.Int32();
            var rate = fields.UInt32();
            if (length > MaxTime || start < -1 || start > MaxTime || delay > MaxTime || (pieces.Count > 0 && pieces[^1].Length > MaxTime))
                throw Damage.In(BoxType.Elst, "has a time that is out of range");
            if (start < 0)
            {
                delay += (long)length;
                continue;
            }

            if (rate != 0x10000)
                throw new MediaException("The MP4 plays a track at another speed or holds a frame, which is not supported.");
            // A length of 0 means to the end.
            var piece = new EditList(delay, start, length == 0 ? null : (long)length);
            if (pieces.Count > 0 && (pieces[^1].Length is null || piece.Length is null))
                throw Several();
            if (pieces.Count > 0 && delay == 0 && GoesOn(pieces[^1], start, movieTimescale, timescale))
                pieces[^1] = pieces[^1] with { Length = pieces[^1].Length + piece.Length };
            else if (pieces.Count == MaxPieces)
                throw Several();
            else
                pieces.Add(piece);
            delay = 0;
        }

        // An empty edit at the end shows nothing more.
        if (pieces.Count == 0)
            pieces.Add(Everything with { Delay = delay });
        return
        [
            .. pieces.Select(piece =>
                piece with
                {
                    Delay = Scale(piece.Delay, timescale, movieTimescale),
                    Length = piece.Length is { } shown ? Scale(shown, timescale, movieTimescale) : null,
                    TickLength = movieTimescale % timescale == 0 ? 0 : (timescale / movieTimescale) + 1,
                }
            ),
        ];
    }

    static long Scale(long ticks, uint to, uint from)
    {
        // To the nearest tick, as ffmpeg and browsers do.
        var scaled = (((Int128)ticks * to) + (from / 2)) / from;
        return scaled <= MaxTime ? (long)scaled : throw Damage.In(BoxType.Elst, "has a time that is out of range");
    }

    // Within a movie tick, since that is as exact as lengths are.
    static bool GoesOn(EditList before, long start, uint movieTimescale, uint timescale)
    {
        var expected = before.MediaStart + (Int128)before.Length!.Value * timescale / movieTimescale;
        return Int128.Abs(expected - start) <= (timescale / movieTimescale) + 1;
    }

    internal static MediaException Several() => new("The MP4 shows a track in several pieces (edit list), which is not supported.");
}
