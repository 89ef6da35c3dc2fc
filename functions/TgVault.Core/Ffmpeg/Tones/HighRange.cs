using TgVault.Core.Videos;

namespace TgVault.Core.Ffmpeg.Tones;

/// <summary>How high dynamic range is coded (ITU-R BT.2100), and what light its values stand for.</summary>
enum HighRange
{
    PerceptualQuantizer,
    HybridLogGamma,
}

/// <summary>From coded values of high dynamic range to light and back.</summary>
static class HighRangeLight
{
    /// <summary>What the brightest value of PQ stands for, in cd/m².</summary>
    public const double MostNits = 10_000;

    /// <summary>What a display is assumed to give at most where HLG is shown, and PQ that says nothing of itself, in cd/m².</summary>
    public const double UsualNits = 1000;

    /// <summary>The range of a track; null where it has none, or does not say.</summary>
    public static HighRange? Of(MediaTrack video) =>
        video.Colour?.Split('/') is [.., var transfer]
            ? transfer switch
            {
                "smpte2084" => HighRange.PerceptualQuantizer,
                "arib-std-b67" => HighRange.HybridLogGamma,
                _ => null,
            }
            : null;

    /// <summary>The light of one pixel in cd/m² of each of BT.2020's primaries, from values of 0 to 1.</summary>
    public static (double Red, double Green, double Blue) Nits(HighRange range, double red, double green, double blue)
    {
        if (range == HighRange.PerceptualQuantizer)
            return (FromPq(red), FromPq(green), FromPq(blue));
        var (r, g, b) = (FromHlg(red), FromHlg(green), FromHlg(blue));
        // The display's own curve (BT.2100, table 5), for the usual one.
        const double displayGamma = 1.2;
        var scale = UsualNits * Math.Pow((0.2627 * r) + (0.678 * g) + (0.0593 * b), displayGamma - 1);
        return (r * scale, g * scale, b * scale);
    }

    /// <summary>The PQ value of so much light (BT.2100, table 4).</summary>
    public static double ToPq(double nits)
    {
        var light = Math.Pow(Math.Clamp(nits / MostNits, 0, 1), M1);
        return Math.Pow((C1 + (C2 * light)) / (1 + (C3 * light)), M2);
    }

    /// <summary>The light of a PQ value, in cd/m².</summary>
    public static double FromPq(double value)
    {
        var root = Math.Pow(Math.Clamp(value, 0, 1), 1 / M2);
        return MostNits * Math.Pow(Math.Max(0, root - C1) / (C2 - (C3 * root)), 1 / M1);
    }

    const double M1 = 2610.0 / 16384,
        M2 = 2523.0 / 32,
        C1 = 3424.0 / 4096,
        C2 = 2413.0 / 128,
        C3 = 2392.0 / 128;

    // From 0 to 1 (BT.2100, table 5).
    static double FromHlg(double value)
    {
        const double a = 0.17883277,
            b = 0.28466892,
            c = 0.55991073;
        return value <= 0.5 ? value * value / 3 : (Math.Exp((value - c) / a) + b) / 12;
    }
}
