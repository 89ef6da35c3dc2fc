using System.Collections.Immutable;
using TgVault.Core.Mp4.Index;

namespace TgVault.Core.Pictures;

/// <summary>
/// Which pictures of a film its storyboard is made of. Of most films these are key frames, which decode alone: so much is read and decoded
/// as there are tiles, however long the film. A film that is short and has few key frames is decoded as a whole.
/// </summary>
/// <param name="Pictures">What is decoded, in order.</param>
/// <param name="SecondsBetween">How far apart tiles are, or are meant to be.</param>
/// <param name="IsWhole">
/// Whether <paramref name="Pictures"/> are all there are, of which one is taken every <paramref name="SecondsBetween"/>; otherwise each is
/// a tile.
/// </param>
sealed record PicturePlan(ImmutableArray<FilmPicture> Pictures, double SecondsBetween, bool IsWhole)
{
    /// <summary>One every 36 seconds of an hour: what others have, and what takes a second or two to decode.</summary>
    public const int MostTiles = 100;

    /// <summary>What is read of a film at most, in bytes.</summary>
    public const long MostBytes = 256 << 20;

    // From here on a film has as many as take a tenth of what writing it anew takes, but enough to find a scene by.
    const double LongSeconds = 3600;
    const int FewestTilesOfLong = 20;

    // Of a film without an index it is not known what a key frame takes.
    const int TilesOfLongUnknown = 50;

    // What takes as long as copying so many bytes of a film: measured, docs/decisions.md.
    const long BytesPerSample = 4000;
    const long BytesToBegin = 350_000_000;
    const double BytesPerPixel = 1.8;
    const double BytesPerKeyByte = 145;
    const double Share = 0.1;

    // About two seconds of one core.
    const long MostWholePixels = 1_200_000_000;
    const int MostWholePictures = 20_000;

    /// <summary>How far apart tiles of a film without an index are, in whole seconds.</summary>
    public static double BetweenOf(double durationSeconds) =>
        BetweenOf(durationSeconds, durationSeconds > LongSeconds ? TilesOfLongUnknown : MostTiles);

    static double BetweenOf(double durationSeconds, int most) => Math.Max(1, Math.Ceiling(durationSeconds / most));

    /// <exception cref="MediaException">There are no pictures in it, or none that decodes alone.</exception>
    public static PicturePlan Of(Mp4Index index)
    {
        var track = index.Tracks[0];
        var duration = (double)(track.End - track.Origin) / track.Timescale;
        var most = duration > LongSeconds ? MostTilesOfLong(index) : MostTiles;
        var between = BetweenOf(duration, most);
        var wanted = Math.Clamp((int)Math.Ceiling(duration / between), 1, most);
        var keys = KeysOf(index, between, wanted).Take(most).ToImmutableArray();
        if (keys.Length == 0)
            throw new MediaException("None of its pictures decodes alone.");
        return keys.Length < wanted * 3 / 4 && WholeOf(index) is { IsEmpty: false } all
            ? new PicturePlan(all, between, IsWhole: true)
            : new PicturePlan(Thinned(keys), between, IsWhole: false);
    }

    static int MostTilesOfLong(Mp4Index index)
    {
        var copying = index.SourceBytes + (BytesPerSample * index.Tracks.Sum(track => (long)track.SampleCount));
        var keyBytes = index.Segments.FirstSizes.Where(size => size > 0).DefaultIfEmpty().Average();
        var each = (BytesPerPixel * index.Tracks[0].Width * index.Tracks[0].Height) + (BytesPerKeyByte * keyBytes);
        return (int)Math.Clamp(((Share * copying) - BytesToBegin) / Math.Max(1, each), FewestTilesOfLong, MostTiles);
    }

    // Of each stretch of the film the key frame nearest to its middle, which is a multiple of the distance.
    static IEnumerable<FilmPicture> KeysOf(Mp4Index index, double between, int wanted)
    {
        var nearest = new FilmPicture?[wanted + 1];
        if (between > 2 * SegmentTable.TargetSeconds)
            FilmPicture.ReadBeginnings(index, NearestTo(index, between, wanted), Take);
        else
            FilmPicture.ReadAll(index, Take);
        return nearest.OfType<FilmPicture>();

        void Take(FilmPicture picture)
        {
            if (!picture.Sample.IsSync || picture.Sample.SizeBytes is <= 0 or > (int)MostBytes)
                return;
            var place = picture.SecondsOf(index) / between;
            var slot = (int)Math.Min(wanted, Math.Round(place));
            if (nearest[slot] is not { } other || Math.Abs(place - slot) < Math.Abs((other.SecondsOf(index) / between) - slot))
                nearest[slot] = picture;
        }
    }

    // Where tiles are far apart, segments, which begin with key frames, are near enough, and little of the index is unpacked for them.
    static IEnumerable<int> NearestTo(Mp4Index index, double between, int wanted)
    {
        var (origin, timescale) = (index.Tracks[0].Origin, index.Tracks[0].Timescale);
        return Enumerable
            .Range(0, index.SegmentCount)
            .Where(segment => index.Segments.FirstSizes[segment] > 0)
            .Select(segment => (Segment: segment, Place: (double)(index.Segments.Boundaries[segment] - origin) / timescale / between))
            .GroupBy(one => Math.Clamp(Math.Round(one.Place), 0, wanted))
            .Select(slot => slot.MinBy(one => Math.Abs(one.Place - slot.Key)).Segment);
    }

    static ImmutableArray<FilmPicture> WholeOf(Mp4Index index)
    {
        var track = index.Tracks[0];
        if (track.SampleCount > MostWholePictures || (long)track.Width * track.Height * track.SampleCount > MostWholePixels)
            return [];
        var all = ImmutableArray.CreateBuilder<FilmPicture>(track.SampleCount);
        FilmPicture.ReadAll(index, all.Add);
        return all.Sum(picture => (long)picture.Sample.SizeBytes) <= MostBytes ? all.DrainToImmutable() : [];
    }

    static ImmutableArray<FilmPicture> Thinned(ImmutableArray<FilmPicture> keys)
    {
        while (keys.Sum(key => (long)key.Sample.SizeBytes) > MostBytes && keys.Length > 1)
            keys = [.. keys.Where((_, i) => i % 2 == 0)];
        return keys;
    }
}
