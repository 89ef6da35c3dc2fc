namespace TgVault.Core.Mp4.Codecs;

/// <summary>H.264's sequence parameter set (ITU-T H.264 §7.3.2.1.1), read up to how many bits a sample of a picture has.</summary>
static class AvcSequence
{
    const int UnitsOffset = 5;

    /// <summary>
    /// The pixel format of what an avcC configures, by ffmpeg's name. Null where there is no set, or it cannot be read.
    /// </summary>
    /// <param name="configuration">The box's payload (ISO 14496-15 §5.3.3.1).</param>
    public static string? PixelFormatOf(ReadOnlySpan<byte> configuration)
    {
        var fields = new BitFields(configuration);
        fields.Skip(8 * UnitsOffset);
        if ((fields.Bits(8) & 31) == 0)
            return null;
        var unit = fields.Take(fields.Bits(16));
        return fields.IsPastEnd ? null : ReadSet(unit);
    }

    static string? ReadSet(ReadOnlySpan<byte> unit)
    {
        // The profiles that say how colour is sampled; others have 8 bit 4:2:0 (§7.3.2.1.1).
        ReadOnlySpan<byte> telling = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135];
        var fields = new BitFields(unit);
        fields.Skip(8);
        var profile = (byte)fields.Bits(8);
        fields.Skip(16);
        fields.ExpGolomb();
        if (!telling.Contains(profile))
            return fields.IsPastEnd ? null : "yuv420p";
        var sampling = fields.ExpGolomb();
        if (sampling == 3)
            fields.Skip(1);
        var bits = 8 + fields.ExpGolomb();
        var name = sampling switch
        {
            0 => "gray",
            1 => "yuv420p",
            2 => "yuv422p",
            3 => "yuv444p",
            _ => null,
        };
        if (fields.IsPastEnd || name is null || bits is < 8 or > 14)
            return null;
        return bits == 8 ? name : FormattableString.Invariant($"{name}{bits}le");
    }
}
