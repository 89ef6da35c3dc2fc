namespace TgVault.Core.Mp4.Codecs;

/// <summary>
/// HEVC's sequence parameter set (ITU-T H.265 §7.3.2.2), read up to the colour in its usability information (§E.2.1).
/// </summary>
static class HevcSequence
{
    const int SequenceUnit = 33;
    const int ArraysOffset = 22;
    const int MaxReferenceSets = 64;
    const int MaxReferences = 16;
    const int MaxLongTermReferences = 32;
    const int MaxOrderBits = 16;

    /// <summary>
    /// What the first sequence parameter set in an hvcC says of colour (ISO 14496-15 §8.3.3.1).
    /// Null where there is none, it says nothing or cannot be read.
    /// </summary>
    public static VideoColour? ColourOf(ReadOnlySpan<byte> configuration)
    {
        var fields = new BitFields(configuration);
        fields.Skip(8 * ArraysOffset);
        for (var arrays = fields.Bits(8); arrays > 0 && !fields.IsAtEnd; arrays--)
        {
            var kind = fields.Bits(8) & 63;
            for (var units = fields.Bits(16); units > 0 && !fields.IsAtEnd; units--)
            {
                var unit = fields.Take(fields.Bits(16));
                if (kind == SequenceUnit)
                    return fields.IsPastEnd ? null : ReadSet(Unescape(unit));
            }
        }

        return null;
    }

    // §7.4.2: a 3 behind two zeros is there only so that no start code comes about.
    static ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> unit)
    {
        var bytes = new byte[unit.Length];
        var (length, zeros) = (0, 0);
        foreach (var value in unit)
        {
            var isEscape = zeros >= 2 && value == 3;
            zeros = value == 0 ? zeros + 1 : 0;
            if (!isEscape)
                bytes[length++] = value;
        }

        return bytes.AsSpan(0, length);
    }

    static VideoColour? ReadSet(ReadOnlySpan<byte> unit)
    {
        var fields = new BitFields(unit);
        fields.Skip(16 + 4);
        var subLayers = (int)fields.Bits(3);
        fields.Skip(1);
        SkipProfiles(ref fields, subLayers);
        SkipNumbers(ref fields, 1);
        if (fields.ExpGolomb() == 3)
            fields.Skip(1);
        SkipNumbers(ref fields, 2);
        if (fields.Flag())
            SkipNumbers(ref fields, 4);
        SkipNumbers(ref fields, 2);
        var orderBits = fields.ExpGolomb() + 4L;
        if (orderBits > MaxOrderBits)
            return null;
        SkipNumbers(ref fields, 3 * (fields.Flag() ? subLayers + 1 : 1));
        SkipNumbers(ref fields, 6);
        // Scaling lists, which may be told or be the usual ones.
        if (fields.Flag() && fields.Flag())
            SkipScalingLists(ref fields);
        fields.Skip(2);
        if (fields.Flag())
        {
            fields.Skip(8);
            SkipNumbers(ref fields, 2);
            fields.Skip(1);
        }

        if (!TrySkipReferences(ref fields, (int)orderBits))
            return null;
        fields.Skip(2);
        var colour = fields.Flag() ? ReadUsability(ref fields) : null;
        return fields.IsPastEnd ? null : colour;
    }

    static VideoColour? ReadUsability(ref BitFields fields)
    {
        const uint ownAspect = 255;
        if (fields.Flag() && fields.Bits(8) == ownAspect)
            fields.Skip(32);
        if (fields.Flag())
            fields.Skip(1);
        if (!fields.Flag())
            return null;
        fields.Skip(3);
        var isFullRange = fields.Flag();
        return fields.Flag() ? VideoColour.Of(fields.Bits(8), fields.Bits(8), fields.Bits(8), isFullRange) : null;
    }

    // §7.3.3: profile and level of the whole, then of the lower sub-layers, where these are told apart.
    static void SkipProfiles(ref BitFields fields, int subLayers)
    {
        const int profileBits = 88,
            levelBits = 8;
        fields.Skip(profileBits + levelBits);
        if (subLayers == 0)
            return;
        var bits = 0;
        for (var i = 0; i < subLayers; i++)
            bits += (fields.Flag() ? profileBits : 0) + (fields.Flag() ? levelBits : 0);
        fields.Skip(2 * (8 - subLayers));
        fields.Skip(bits);
    }

    // §7.3.4
    static void SkipScalingLists(ref BitFields fields)
    {
        for (var size = 0; size < 4; size++)
        {
            for (var matrix = 0; matrix < 6; matrix += size == 3 ? 3 : 1)
            {
                if (fields.Flag())
                    SkipNumbers(ref fields, Math.Min(64, 1 << (4 + (2 * size))) + (size > 1 ? 1 : 0));
                else
                    SkipNumbers(ref fields, 1);
            }
        }
    }

    // §7.3.7: each set may be told by how it differs from the one before, with a flag or two for each picture of that and one more.
    static bool TrySkipReferences(ref BitFields fields, int orderBits)
    {
        var sets = fields.ExpGolomb();
        if (sets > MaxReferenceSets)
            return false;
        var references = 0u;
        for (var set = 0; set < sets; set++)
        {
            if (set > 0 && fields.Flag())
            {
                fields.Skip(1);
                SkipNumbers(ref fields, 1);
                var before = references;
                references = 0;
                for (var i = 0; i <= before; i++)
                {
                    if (fields.Flag() || fields.Flag())
                        references++;
                }
            }
            else
            {
                var (earlier, later) = (fields.ExpGolomb(), fields.ExpGolomb());
                if (earlier > MaxReferences || later > MaxReferences)
                    return false;
                references = earlier + later;
                for (var i = 0; i < references; i++)
                {
                    SkipNumbers(ref fields, 1);
                    fields.Skip(1);
                }
            }

            if (references > MaxReferences)
                return false;
        }

        if (!fields.Flag())
            return true;
        var longTerm = fields.ExpGolomb();
        if (longTerm > MaxLongTermReferences)
            return false;
        fields.Skip((int)longTerm * (orderBits + 1));
        return true;
    }

    static void SkipNumbers(ref BitFields fields, int count)
    {
        for (; count > 0; count--)
            fields.ExpGolomb();
    }
}
