using TgVault.Core.Mp4.Boxes;

namespace TgVault.Core.Mp4.Codecs;

/// <summary>What colours a video's values stand for, in code points of ISO 23091-2 (CICP).</summary>
/// <param name="Primaries">Of the colours that are mixed; <see cref="NotTold"/> where it is not known.</param>
/// <param name="Transfer">From values to light, likewise.</param>
/// <param name="Matrix">From brightness and colour difference to the primaries, likewise.</param>
/// <param name="IsFullRange">Whether the lowest and highest values are in use, which otherwise are left free.</param>
sealed record VideoColour(int Primaries, int Transfer, int Matrix, bool IsFullRange = false)
{
    /// <summary>What all three code points have for it.</summary>
    public const int NotTold = 2;

    const int SampleFieldsBytes = 78;

    /// <summary>
    /// Its high dynamic range (ITU-R BT.2100) in the words of HLS: <c>PQ</c> or <c>HLG</c>. Null where it has none or does not say.
    /// </summary>
    public string? HighRange =>
        Transfer switch
        {
            16 => "PQ",
            18 => "HLG",
            _ => null,
        };

    /// <summary>
    /// What a video's sample entry says of colour; null where it says nothing. The colr box has precedence over the codec's own fields
    /// (ISO 14496-12 §12.1.5), but many files have none. ffmpeg writes it from its own options only, not from those that it passes to an
    /// encoder (-x265-params).
    /// </summary>
    /// <param name="sampleEntry">
    /// The whole box, as <see cref="SampleEntry"/> wrote it. A configuration that cannot be read says nothing; the file plays all the same.
    /// </param>
    internal static VideoColour? Of(ReadOnlySpan<byte> sampleEntry)
    {
        var entries = new BoxCursor(sampleEntry);
        if (!entries.MoveNext() || entries.Payload.Length < SampleFieldsBytes)
            return null;
        VideoColour? box = null,
            codec = null;
        var children = new BoxCursor(entries.Payload[SampleFieldsBytes..]);
        while (children.MoveNext())
        {
            if (children.Type == BoxType.Colr)
                box ??= OfBox(children.Payload);
            else if (children.Type == BoxType.HvcC)
                codec ??= HevcSequence.ColourOf(children.Payload);
            else if (children.Type == BoxType.Av1C)
                codec ??= Av1Sequence.ColourOf(children.Payload);
            else if (children.Type == BoxType.VpcC)
                codec ??= OfVp9(children.Payload);
        }

        return box is null || codec is null
            ? box ?? codec
            : box with
            {
                Primaries = Either(box.Primaries, codec.Primaries),
                Transfer = Either(box.Transfer, codec.Transfer),
                Matrix = Either(box.Matrix, codec.Matrix),
            };
    }

    /// <summary>The colour with these code points; null where none is told.</summary>
    internal static VideoColour? Of(uint primaries, uint transfer, uint matrix, bool isFullRange)
    {
        var colour = new VideoColour(CodePoint(primaries), CodePoint(transfer), CodePoint(matrix), isFullRange);
        return colour is { Primaries: NotTold, Transfer: NotTold, Matrix: NotTold } ? null : colour;
    }

    // Other kinds of colr are profiles for print and screen, and QuickTime's nclc, which is not kept.
    static VideoColour? OfBox(ReadOnlySpan<byte> colr)
    {
        var fields = new BitFields(colr);
        if (!fields.Take(4).SequenceEqual("nclx"u8))
            return null;
        var colour = Of(fields.Bits(16), fields.Bits(16), fields.Bits(16), fields.Flag());
        return fields.IsPastEnd ? null : colour;
    }

    // VP codec ISO binding §2.2: behind version, flags, profile, level, depth and subsampling.
    static VideoColour? OfVp9(ReadOnlySpan<byte> vpcC)
    {
        var fields = new BitFields(vpcC);
        fields.Skip((7 * 8) - 1);
        var isFullRange = fields.Flag();
        var colour = Of(fields.Bits(8), fields.Bits(8), fields.Bits(8), isFullRange);
        return fields.IsPastEnd ? null : colour;
    }

    // There are none above; the colr box alone has room for more.
    static int CodePoint(uint value) => value <= byte.MaxValue ? (int)value : NotTold;

    static int Either(int first, int second) => first == NotTold ? second : first;
}
