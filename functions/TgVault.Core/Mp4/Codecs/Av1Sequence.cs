namespace TgVault.Core.Mp4.Codecs;

/// <summary>AV1's sequence header (AV1 specification §5.5), read as far as to the colour.</summary>
static class Av1Sequence
{
    const int ConfigurationBits = 32;
    const uint SequenceHeader = 1;

    /// <summary>
    /// What the sequence header in an av1C says of colour (AV1 in ISOBMFF §2.3).
    /// Null where there is none, it says nothing or cannot be read.
    /// </summary>
    public static VideoColour? ColourOf(ReadOnlySpan<byte> configuration)
    {
        var fields = new BitFields(configuration);
        fields.Skip(ConfigurationBits);
        while (!fields.IsAtEnd)
        {
            fields.Skip(1);
            var type = fields.Bits(4);
            var (hasExtension, hasSize) = (fields.Flag(), fields.Flag());
            fields.Skip(hasExtension ? 9 : 1);
            var unit = fields.Take(hasSize ? ReadSize(ref fields) : configuration.Length);
            if (type == SequenceHeader)
                return ReadHeader(unit);
        }

        return null;
    }

    // §4.10.5: seven bits a byte, lowest first. No unit in a configuration needs more than four of them.
    static uint ReadSize(ref BitFields fields)
    {
        var size = 0u;
        for (var shift = 0; shift < 28; shift += 7)
        {
            var more = fields.Flag();
            size |= fields.Bits(7) << shift;
            if (!more)
                break;
        }

        return size;
    }

    static VideoColour? ReadHeader(ReadOnlySpan<byte> unit)
    {
        var fields = new BitFields(unit);
        var profile = fields.Bits(3);
        fields.Skip(1);
        var isReduced = fields.Flag();
        if (isReduced)
            fields.Skip(5);
        else
            SkipOperatingPoints(ref fields);
        var (widthBits, heightBits) = ((int)fields.Bits(4) + 1, (int)fields.Bits(4) + 1);
        fields.Skip(widthBits + heightBits);
        if (!isReduced && fields.Flag())
            fields.Skip(4 + 3);
        fields.Skip(3);
        if (!isReduced)
            SkipTools(ref fields);
        fields.Skip(3);

        // §5.5.2
        var isDeep = fields.Flag();
        if (profile == 2 && isDeep)
            fields.Skip(1);
        if (profile != 1)
            fields.Skip(1);
        // The range follows, but in sRGB, which is none of the video that this is about.
        var colour = fields.Flag() ? VideoColour.Of(fields.Bits(8), fields.Bits(8), fields.Bits(8), fields.Flag()) : null;
        return fields.IsPastEnd ? null : colour;
    }

    static void SkipOperatingPoints(ref BitFields fields)
    {
        const uint lastLevelOfOneTier = 7;
        var hasDecoderModel = false;
        var delayBits = 0;
        if (fields.Flag())
        {
            fields.Skip(32 + 32);
            if (fields.Flag())
                fields.ExpGolomb();
            hasDecoderModel = fields.Flag();
            if (hasDecoderModel)
            {
                delayBits = (int)fields.Bits(5) + 1;
                fields.Skip(32 + 5 + 5);
            }
        }

        var hasInitialDelay = fields.Flag();
        for (var points = fields.Bits(5) + 1; points > 0; points--)
        {
            fields.Skip(12);
            if (fields.Bits(5) > lastLevelOfOneTier)
                fields.Skip(1);
            if (hasDecoderModel && fields.Flag())
                fields.Skip((2 * delayBits) + 1);
            if (hasInitialDelay && fields.Flag())
                fields.Skip(4);
        }
    }

    static void SkipTools(ref BitFields fields)
    {
        fields.Skip(4);
        var hasOrderHint = fields.Flag();
        if (hasOrderHint)
            fields.Skip(2);
        // Both may be left to each frame, which counts as on.
        var maySeeScreens = fields.Flag() || fields.Flag();
        if (maySeeScreens && !fields.Flag())
            fields.Skip(1);
        if (hasOrderHint)
            fields.Skip(3);
    }
}
