using System.Collections.Immutable;
using TgVault.Core.Mp4.Index;

namespace TgVault.Core.Pictures;

/// <summary>Finds what has to be decoded for the picture that is on the screen at a moment.</summary>
static class PictureRun
{
    // Minutes of film without a key frame; and what that may take.
    const int MostPictures = 20_000;

    /// <summary>
    /// The pictures from the last one on that decodes alone to the one that is shown then, in the order in which they are decoded; and the
    /// one that is shown first of them.
    /// </summary>
    /// <param name="index">The film's.</param>
    /// <param name="seconds">From its beginning; behind its end it is its last picture.</param>
    /// <exception cref="MediaException">There is none that decodes, or too much would have to be decoded.</exception>
    public static (ImmutableArray<FilmPicture> Pictures, FilmPicture First) To(Mp4Index index, double seconds)
    {
        // Half a tick, and what a player's clock rounds.
        var moment = index.Tracks[0].Origin + (long)Math.Round(Math.Min((seconds + 0.0005) * index.Tracks[0].Timescale, long.MaxValue / 4));
        FilmPicture? key = null,
            first = null;
        FilmPicture.ReadAll(
            index,
            picture =>
            {
                if (!picture.Sample.IsSync)
                    return;
                first ??= picture;
                if (picture.Shown <= moment)
                    key = picture;
            }
        );
        var from = key ?? first ?? throw new MediaException("None of its pictures decodes alone.");
        var run = ImmutableArray.CreateBuilder<FilmPicture>();
        var (place, shown, bytes) = (0, from.Shown, 0L);
        FilmPicture.ReadAll(
            index,
            picture =>
            {
                if (picture.Decoded < from.Decoded || run.Count > MostPictures || bytes > PicturePlan.MostBytes)
                    return;
                run.Add(picture);
                bytes += picture.Sample.SizeBytes;
                if (picture.Shown > moment || picture.Shown < shown)
                    return;
                (place, shown) = (run.Count - 1, picture.Shown);
            }
        );
        if (place >= MostPictures || run.Take(place + 1).Sum(picture => (long)picture.Sample.SizeBytes) > PicturePlan.MostBytes)
            throw new MediaException("The last key frame before that moment is too far away; choose another one.");
        return ([.. run.Take(place + 1)], from);
    }
}
