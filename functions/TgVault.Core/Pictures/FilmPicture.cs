using TgVault.Core.Mp4.Index;
using TgVault.Core.Mp4.Movie;

namespace TgVault.Core.Pictures;

/// <summary>One picture of a film, by its index.</summary>
/// <param name="Sample">Where it lies.</param>
/// <param name="Decoded">When it is decoded, in ticks of its track.</param>
/// <param name="Shown">When it is shown, likewise.</param>
readonly record struct FilmPicture(Sample Sample, long Decoded, long Shown)
{
    /// <summary>When it is shown, in seconds from the beginning of the film, for players that honour its edit list.</summary>
    public double SecondsOf(Mp4Index index) => Math.Max(0, (double)(Shown - index.Tracks[0].Origin) / index.Tracks[0].Timescale);

    /// <summary>All of them, in the order in which they are decoded.</summary>
    /// <param name="index">Its first track has the pictures.</param>
    /// <param name="take">Is given each.</param>
    public static void ReadAll(Mp4Index index, Action<FilmPicture> take)
    {
        var track = index.Tracks[0];
        var decoded = track.FirstDecode;
        index.ReadSamples(
            0,
            0,
            track.SampleCount,
            sample =>
            {
                take(new FilmPicture(sample, decoded, decoded + sample.CompositionOffset + track.CompositionShift));
                decoded += sample.Duration;
            }
        );
    }

    /// <summary>The first of each of these segments.</summary>
    /// <param name="index">Its first track has the pictures.</param>
    /// <param name="segments">Segments that have pictures.</param>
    /// <param name="take">Is given each.</param>
    public static void ReadBeginnings(Mp4Index index, IEnumerable<int> segments, Action<FilmPicture> take)
    {
        var (track, table) = (index.Tracks[0], index.Segments.Tracks[0]);
        foreach (var segment in segments)
        {
            var decoded = table.Times[segment];
            index.ReadSamples(
                0,
                table.FirstSamples[segment],
                1,
                sample => take(new FilmPicture(sample, decoded, decoded + sample.CompositionOffset + track.CompositionShift))
            );
        }
    }
}
