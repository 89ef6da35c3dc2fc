using System.Globalization;
using System.Text;

namespace TgVault.Core.Ffmpeg.Tones;

/// <summary>
/// What becomes of every colour of high dynamic range on an ordinary display: a table from coded RGB of BT.2020 to coded RGB of BT.709, in
/// the form of Adobe's .cube files, which ffmpeg's lut3d reads.
/// </summary>
/// <param name="range">How the values are coded.</param>
/// <param name="peakNits">The brightest light that the film uses, in cd/m².</param>
sealed class ToneCube(HighRange range, double peakNits)
{
    /// <summary>Colours along each side. Between them lut3d interpolates.</summary>
    public const int Side = 65;

    /// <summary>What white is in films of high dynamic range, in cd/m² (ITU-R BT.2408 §2.1).</summary>
    const double ReferenceWhite = 203;

    /// <summary>What it is where a film was made for ordinary displays, and only coded anew; some of its colours are brighter.</summary>
    const double OrdinaryWhite = 100;
    const double MostOrdinary = 175;

    /// <summary>Of the display (ITU-R BT.1886).</summary>
    const double DisplayGamma = 2.4;

    readonly double _white = peakNits <= MostOrdinary ? OrdinaryWhite : ReferenceWhite;

    /// <summary>The .cube file.</summary>
    public string Write()
    {
        var text = new StringBuilder(Side * Side * Side * 24);
        text.Append(CultureInfo.InvariantCulture, $"LUT_3D_SIZE {Side}\n");
        const double last = Side - 1;
        // Red changes fastest.
        for (var blue = 0; blue < Side; blue++)
        for (var green = 0; green < Side; green++)
        for (var red = 0; red < Side; red++)
        {
            var (r, g, b) = Map(red / last, green / last, blue / last);
            text.Append(CultureInfo.InvariantCulture, $"{r:F5} {g:F5} {b:F5}\n");
        }

        return text.ToString();
    }

    /// <summary>One colour; values from 0 to 1.</summary>
    public (double Red, double Green, double Blue) Map(double red, double green, double blue)
    {
        var (r, g, b) = HighRangeLight.Nits(range, red, green, blue);
        // By its strongest part, so that colours get darker and keep their tone.
        var strongest = Math.Max(r, Math.Max(g, b));
        if (strongest <= 0)
            return (0, 0, 0);
        var scale = Compress(strongest) / strongest / _white;
        return ToDisplay(r * scale, g * scale, b * scale);
    }

    // ITU-R BT.2390 §5.4.1: up to a knee all stays as it is; what is above bends towards white.
    double Compress(double nits)
    {
        if (peakNits <= _white)
            return nits;
        var whole = HighRangeLight.ToPq(peakNits);
        var (most, value) = (HighRangeLight.ToPq(_white) / whole, Math.Min(1, HighRangeLight.ToPq(nits) / whole));
        var knee = (1.5 * most) - 0.5;
        if (value <= knee)
            return nits;
        var t = (value - knee) / (1 - knee);
        var (squared, cubed) = (t * t, t * t * t);
        var bent =
            (((2 * cubed) - (3 * squared) + 1) * knee)
            + ((cubed - (2 * squared) + t) * (1 - knee))
            + (((-2 * cubed) + (3 * squared)) * most);
        return HighRangeLight.FromPq(bent * whole);
    }

    // From BT.2020's primaries to BT.709's (ITU-R BT.2087). Those have fewer colours, so that some parts end at 0 or 1.
    static (double Red, double Green, double Blue) ToDisplay(double red, double green, double blue)
    {
        var r = (1.660491 * red) - (0.587641 * green) - (0.07285 * blue);
        var g = (-0.12455 * red) + (1.1329 * green) - (0.008349 * blue);
        var b = (-0.018151 * red) - (0.100579 * green) + (1.11873 * blue);
        return (Coded(r), Coded(g), Coded(b));

        static double Coded(double part) => Math.Pow(Math.Clamp(part, 0, 1), 1 / DisplayGamma);
    }
}
