using System.Collections.Immutable;

namespace TgVault.Core.Pictures;

/// <summary>
/// Chooses the picture that stands for a film: none that is black, white, a title on a plain ground, or blurred where others are not;
/// among the others one rich in tones and sharp, rather from the body of the film than from its first and last minutes.
/// </summary>
static class PosterChoice
{
    const double Black = 28;
    const double White = 232;
    const double MostPlain = 0.7;

    // Against the sharper ones of the same film: what is soft throughout is meant so.
    const double LeastSharp = 0.5;
    const double Sharper = 0.75;

    /// <summary>The place of the best picture.</summary>
    /// <param name="measures">Of at least one picture, in the order of the film.</param>
    public static int Of(ImmutableArray<PictureMeasure> measures)
    {
        var usable = Enumerable.Range(0, measures.Length).Where(i => IsUsable(measures[i])).ToList();
        // Where all are dark, or cards, the richest of them.
        if (usable.Count == 0)
            return Enumerable.Range(0, measures.Length).MaxBy(i => measures[i].Variety);
        var sharp = usable.Select(i => measures[i].Sharpness).Order().ElementAt((int)((usable.Count - 1) * Sharper));
        return usable
            .Where(i => measures[i].Sharpness >= sharp * LeastSharp)
            .MaxBy(i => (measures[i].Variety + Math.Log2(1 + measures[i].Sharpness)) * WeightOf(i, measures.Length));
    }

    /// <summary>Whether a picture may stand for a film at all.</summary>
    public static bool IsUsable(PictureMeasure measure) => measure is { Brightness: > Black and < White, Plain: < MostPlain };

    // Titles at the beginning, credits at the end; and what comes late gives the film away.
    static double WeightOf(int place, int count) =>
        ((place + 0.5) / count) switch
        {
            < 0.05 or > 0.92 => 0.8,
            > 0.6 => 0.9,
            _ => 1,
        };
}
