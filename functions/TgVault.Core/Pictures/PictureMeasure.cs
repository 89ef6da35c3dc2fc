namespace TgVault.Core.Pictures;

/// <summary>What a picture looks like, measured on its brightness at a small size.</summary>
/// <param name="Brightness">From 0 (black) to 255, on average.</param>
/// <param name="Plain">Which part of it has about one brightness: text on a plain ground comes near to 1.</param>
/// <param name="Variety">Bits that tell the brightness of a pixel, from 0 to 6: a picture of few tones has little.</param>
/// <param name="Sharpness">How much pixels differ from what lies around them, on average: a blurred picture has little.</param>
sealed record PictureMeasure(double Brightness, double Plain, double Variety, double Sharpness)
{
    /// <summary>The size of what is measured, in pixels.</summary>
    public const int Width = 160;
    public const int Height = 90;

    // Of 256 steps of brightness those that pass for one.
    const int OneTone = 16;
    const int Bins = 64;

    /// <param name="pixels">Brightness, line by line.</param>
    public static PictureMeasure Of(ReadOnlySpan<byte> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(pixels.Length, Width * Height);
        Span<int> tones = stackalloc int[256];
        var sum = 0L;
        foreach (var pixel in pixels)
        {
            tones[pixel]++;
            sum += pixel;
        }

        return new PictureMeasure((double)sum / pixels.Length, PlainOf(tones), VarietyOf(tones), SharpnessOf(pixels));
    }

    static double PlainOf(ReadOnlySpan<int> tones)
    {
        var (within, most) = (0, 0);
        for (var tone = 0; tone < tones.Length; tone++)
        {
            within += tones[tone] - (tone >= OneTone ? tones[tone - OneTone] : 0);
            most = Math.Max(most, within);
        }

        return (double)most / (Width * Height);
    }

    static double VarietyOf(ReadOnlySpan<int> tones)
    {
        var bits = 0.0;
        for (var bin = 0; bin < Bins; bin++)
        {
            var count = 0;
            foreach (var tone in tones.Slice(bin * (tones.Length / Bins), tones.Length / Bins))
                count += tone;
            if (count > 0)
                bits -= (double)count / (Width * Height) * Math.Log2((double)count / (Width * Height));
        }

        return bits;
    }

    static double SharpnessOf(ReadOnlySpan<byte> pixels)
    {
        var sum = 0L;
        for (var y = 1; y < Height - 1; y++)
        {
            for (var x = 1; x < Width - 1; x++)
            {
                var at = (y * Width) + x;
                sum += Math.Abs((4 * pixels[at]) - pixels[at - 1] - pixels[at + 1] - pixels[at - Width] - pixels[at + Width]);
            }
        }

        return (double)sum / ((Width - 2) * (Height - 2));
    }
}
