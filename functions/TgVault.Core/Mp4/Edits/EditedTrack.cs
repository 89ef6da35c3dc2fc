using TgVault.Core.Mp4.Movie;

namespace TgVault.Core.Mp4.Edits;

/// <summary>
/// The samples of a track whose edit list shows several pieces, begins between two sync samples, or ends before a picture that is decoded
/// for those before it. No player of segments honours that, so the pieces are put one behind the other here. Pictures that only others
/// need are shown for a single tick each, a few milliseconds together, right before the next piece, or at the end: players have no way to
/// hide them.
/// </summary>
/// <param name="Track">The track, with an edit list of one piece and, where ticks are too long for that, shorter ones.</param>
/// <param name="Samples">In decoding order; a sample that two pieces show is there twice.</param>
/// <param name="FirstDecode">When the first sample is decoded, in ticks of <paramref name="Track"/>.</param>
sealed record EditedTrack(TrackBox Track, IReadOnlyList<Sample> Samples, long FirstDecode)
{
    // They are in memory all at once, unlike those of other tracks.
    const int MaxSamples = 1 << 20;

    // For how long, at the most, all hidden pictures of a piece are shown.
    const int TicksPerSecond = 200;

    const uint MaxTimescale = 100_000_000;

    /// <summary>Null where the track shows one piece, and all of it from a sync sample on.</summary>
    /// <exception cref="MediaException">It cannot be put together.</exception>
    public static EditedTrack? Of(TrackBox track, long sourceBytes)
    {
        var isCut = track.Pieces.Length > 1;
        if (!isCut && !HidesPictures(track, sourceBytes))
            return null;
        if (track.Tables.SampleCount is 0 or > MaxSamples)
            return isCut ? throw TooLong() : null;
        var all = ReadAll(track, sourceBytes);
        if (!track.Entry.IsVideo)
            return OfSound(track, all);
        var pieces = new List<Piece>();
        foreach (var edit in track.Pieces)
        {
            pieces.Add(new Piece(edit, all));
            if (pieces.Sum(piece => (long)piece.End - piece.First) > MaxSamples)
                throw TooLong();
        }

        return OfPictures(track, all, pieces);
    }

    // Most edit lists begin at a sync sample, which is seen at once, and end with the media.
    static bool HidesPictures(TrackBox track, long sourceBytes)
    {
        if (!track.Entry.IsVideo || (track.Edits.MediaStart == 0 && track.Edits.Length is null))
            return false;
        var (time, start) = (0L, track.Edits.MediaStart);
        var end = start + track.Edits.Length ?? long.MaxValue;
        var hidden = 0;
        var (isBehind, needsBehind) = (false, false);
        for (var reader = new SampleReader(track.Tables, sourceBytes); !reader.AtEnd; )
        {
            var sample = reader.Read();
            var shown = time + sample.CompositionOffset;
            time += sample.Duration;
            if (sample.IsSync && shown <= start)
                hidden = 0;
            if (shown + sample.Duration <= start)
                hidden++;
            needsBehind |= isBehind && shown < end;
            isBehind |= shown >= end;
        }

        // Writers of pictures at varying rates end the list where the last one was due, which hides nothing.
        return hidden > 0 || (needsBehind && track.Edits.IsOver(time, track.Timescale, isVideo: true));
    }

    static EditedTrack OfPictures(TrackBox track, List<Timed> all, List<Piece> pieces)
    {
        if (pieces.TrueForAll(piece => piece.Hidden.Length + piece.Behind.Length == piece.End - piece.First))
            throw NothingShown();
        var hidden = pieces.Max(piece => piece.Hidden.Length + piece.Behind.Length);
        var finer = Math.Max(1, (hidden * TicksPerSecond / track.Timescale) + 1);
        if (finer * track.Timescale > MaxTimescale)
            throw TooLong();
        var shown = new List<(Sample Sample, long Time)>();
        var (start, last) = (0L, all.Max(timed => timed.End));
        for (var i = 0; i < pieces.Count; i++)
        {
            var (piece, next) = (pieces[i], i + 1 < pieces.Count ? pieces[i + 1] : null);
            start += piece.Edit.Delay * finer;
            var end = start + ((piece.Edit.Length ?? last - piece.Edit.MediaStart) * finer);
            // Those behind it come right before what the next piece hides, at the end behind all.
            var behind = next is null ? end : end + (next.Edit.Delay * finer) - next.Hidden.Length - piece.Behind.Length;
            for (var number = piece.First; number < piece.End; number++)
            {
                var timed = all[number];
                var time =
                    Array.BinarySearch(piece.Hidden, (timed.Shown, number)) is >= 0 and var before ? start - piece.Hidden.Length + before
                    : Array.BinarySearch(piece.Behind, (timed.Shown, number)) is >= 0 and var rank ? behind + rank
                    : start + ((Math.Max(timed.Shown, piece.Edit.MediaStart) - piece.Edit.MediaStart) * finer);
                shown.Add((timed.Sample, time));
            }

            start = end;
        }

        return Make(track, shown, start, finer);
    }

    // Sound has no place for hidden samples but before the beginning. A piece has those that lie in it for the most part.
    static EditedTrack OfSound(TrackBox track, List<Timed> all)
    {
        var shown = new List<(Sample Sample, long Time)>();
        var start = 0L;
        foreach (var edit in track.Pieces)
        {
            start += edit.Delay;
            var (isFirst, to) = (shown.Count == 0, edit.MediaStart + edit.Length ?? long.MaxValue);
            foreach (var timed in all.Where(timed => (timed.Shown + timed.End) / 2 < to))
            {
                if (isFirst ? Priming.IsOlder(track, edit, timed.Sample, timed.Shown) : (timed.Shown + timed.End) / 2 < edit.MediaStart)
                    continue;
                var time = start + timed.Shown - edit.MediaStart;
                shown.Add((timed.Sample, shown.Count == 0 ? time : Math.Max(time, shown[^1].Time + 1)));
                if (shown.Count > MaxSamples)
                    throw TooLong();
            }

            start += edit.Length ?? all.Max(timed => timed.End) - edit.MediaStart;
        }

        return Make(track, shown, start, 1);
    }

    // The samples are decoded at the times at which as many are shown: in order, and as early as any of them needs.
    static EditedTrack Make(TrackBox track, List<(Sample Sample, long Time)> shown, long end, long finer)
    {
        if (shown.Count == 0)
            throw NothingShown();
        var times = shown.Select(sample => sample.Time).Order().ToArray();
        var before = Math.Max(0, -times[0]);
        var samples = new List<Sample>(shown.Count);
        for (var i = 0; i < times.Length; i++)
        {
            var duration = Math.Max(1, (i + 1 < times.Length ? times[i + 1] : end) - times[i]);
            var composition = shown[i].Time - times[i];
            if (duration > uint.MaxValue || composition is < int.MinValue or > int.MaxValue)
                throw TooLong();
            samples.Add(shown[i].Sample with { Duration = (uint)duration, CompositionOffset = (int)composition });
        }

        var edits = new EditList(0, before, end) { IsExact = true };
        return new EditedTrack(
            track with
            {
                Timescale = (uint)(track.Timescale * finer),
                Edits = edits,
                Pieces = [edits],
            },
            samples,
            times[0] + before
        );
    }

    static List<Timed> ReadAll(TrackBox track, long sourceBytes)
    {
        var all = new List<Timed>((int)track.Tables.SampleCount);
        var time = 0L;
        for (var reader = new SampleReader(track.Tables, sourceBytes); !reader.AtEnd; )
        {
            var sample = reader.Read();
            all.Add(new Timed(sample, time + sample.CompositionOffset));
            time += sample.Duration;
            if (time > EditList.MaxTime)
                throw TooLong();
        }

        return all;
    }

    static MediaException NothingShown() => new("The MP4 shows nothing of a track (edit list).");

    static MediaException TooLong() => new("The MP4 shows a track in several pieces (edit list), which is too much of it to put together.");

    readonly record struct Timed(Sample Sample, long Shown)
    {
        public long End => Shown + Sample.Duration;
    }

    /// <summary>A piece of a video track: which samples it needs, and which of them are not shown.</summary>
    sealed class Piece
    {
        public Piece(EditList edit, List<Timed> all)
        {
            Edit = edit;
            var end = edit.MediaStart + edit.Length ?? long.MaxValue;
            for (var number = 0; number < all.Count; number++)
            {
                if (all[number].Sample.IsSync && all[number].Shown <= edit.MediaStart)
                    First = number;
                if (all[number].Shown < end)
                    End = number + 1;
            }

            First = Math.Min(First, End);
            var needed = Enumerable.Range(First, End - First).Select(number => (all[number].Shown, Number: number)).ToList();
            Hidden = [.. needed.Where(sample => all[sample.Number].End <= edit.MediaStart).Order()];
            Behind = [.. needed.Where(sample => sample.Shown >= end).Order()];
        }

        public EditList Edit { get; }

        public int First { get; }

        public int End { get; }

        /// <summary>Shown before it, in that order.</summary>
        public (long Shown, int Number)[] Hidden { get; }

        /// <summary>Shown behind it, which only pictures in it need.</summary>
        public (long Shown, int Number)[] Behind { get; }
    }
}
