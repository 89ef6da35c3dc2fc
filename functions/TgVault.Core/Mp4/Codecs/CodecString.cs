using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text;
using TgVault.Core.Mp4.Boxes;

namespace TgVault.Core.Mp4.Codecs;

/// <summary>
/// The codec names that players ask browsers about (RFC 6381 and the codecs' own ISO bindings). They are made from the configuration
/// boxes in the sample entry. Each method returns null where the box is not this codec's configuration.
/// </summary>
static class CodecString
{
    public static readonly ImmutableArray<BoxType> VideoEntries =
    [
        BoxType.Avc1,
        BoxType.Avc3,
        BoxType.Hvc1,
        BoxType.Hev1,
        BoxType.Av01,
        BoxType.Vp09,
    ];
    public static readonly ImmutableArray<BoxType> AudioEntries = [BoxType.Mp4a, BoxType.Opus, BoxType.FLaC, BoxType.Ac3, BoxType.Ec3];

    public static string? ForVideo(BoxType entry, BoxType box, ReadOnlySpan<byte> configuration)
    {
        var fields = new BoxFields(box, configuration);
        if (box == BoxType.AvcC && (entry == BoxType.Avc1 || entry == BoxType.Avc3))
            return $"{entry}.{Convert.ToHexString(configuration.Length < 4 ? fields.Take(4) : configuration[1..4])}";
        if (box == BoxType.HvcC && (entry == BoxType.Hvc1 || entry == BoxType.Hev1))
            return Hevc(entry, ref fields);
        if (box == BoxType.Av1C && entry == BoxType.Av01)
            return Av1(ref fields);
        if (box == BoxType.VpcC && entry == BoxType.Vp09)
            return Vp9(ref fields);
        return null;
    }

    /// <summary>
    /// The name with its optional half, which VP9 and AV1 have: subsampling, colours, range. Without it browsers assume BT.709, so it is
    /// there where the dynamic range is high.
    /// </summary>
    public static string WithColour(string codec, ReadOnlySpan<byte> configuration, VideoColour? colour)
    {
        if (colour is not { HighRange: not null })
            return codec;
        var range = colour.IsFullRange ? 1 : 0;
        var fields = new BitFields(configuration);
        if (codec.StartsWith("vp09", StringComparison.Ordinal))
        {
            fields.Skip((6 * 8) + 4);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{codec}.{fields.Bits(3):D2}.{colour.Primaries:D2}.{colour.Transfer:D2}.{colour.Matrix:D2}.{range:D2}"
            );
        }

        if (codec.StartsWith("av01", StringComparison.Ordinal))
        {
            fields.Skip((2 * 8) + 3);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{codec}.{fields.Bits(1)}.{fields.Bits(1)}{fields.Bits(1)}{fields.Bits(2)}"
                    + $".{colour.Primaries:D2}.{colour.Transfer:D2}.{colour.Matrix:D2}.{range}"
            );
        }

        return codec;
    }

    public static string? ForAudio(BoxType entry, BoxType box, ReadOnlySpan<byte> configuration)
    {
        if (box == BoxType.Esds && entry == BoxType.Mp4a)
            return Mpeg4Audio(configuration);
        if (box == BoxType.DOps && entry == BoxType.Opus)
            return "opus";
        if (box == BoxType.DfLa && entry == BoxType.FLaC)
            return "flac";
        if (box == BoxType.Dac3 && entry == BoxType.Ac3)
            return "ac-3";
        if (box == BoxType.Dec3 && entry == BoxType.Ec3)
            return "ec-3";
        return null;
    }

    // ISO 14496-15 annex E.3: profile, compatibility flags in reverse, tier and level, constraint bytes without trailing zeros.
    static string Hevc(BoxType entry, ref BoxFields fields)
    {
        fields.Skip(1);
        var profile = fields.UInt8();
        var compatibility = Reverse(fields.UInt32());
        var constraints = fields.Take(6).TrimEnd((byte)0);
        var level = fields.UInt8();
        var text = new StringBuilder();
        var space = profile >> 6 is var number and > 0 ? ((char)('A' + number - 1)).ToString() : "";
        text.Append(
            CultureInfo.InvariantCulture,
            $"{entry}.{space}{profile & 31}.{compatibility:X}.{((profile & 32) != 0 ? 'H' : 'L')}{level}"
        );
        foreach (var constraint in constraints)
            text.Append(CultureInfo.InvariantCulture, $".{constraint:X}");
        return text.ToString();
    }

    // AV1 in ISOBMFF §5: profile, level and tier, bit depth.
    static string Av1(ref BoxFields fields)
    {
        fields.Skip(1);
        int first = fields.UInt8(),
            second = fields.UInt8();
        var depth =
            (second & 0x40) == 0 ? 8
            : (second & 0x20) == 0 ? 10
            : 12;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"av01.{first >> 5}.{first & 31:D2}{((second & 0x80) != 0 ? 'H' : 'M')}.{depth:D2}"
        );
    }

    // VP codec ISO binding: profile, level, bit depth.
    static string Vp9(ref BoxFields fields)
    {
        fields.Skip(4);
        int profile = fields.UInt8(),
            level = fields.UInt8(),
            depth = fields.UInt8() >> 4;
        return string.Create(CultureInfo.InvariantCulture, $"vp09.{profile:D2}.{level:D2}.{depth:D2}");
    }

    // ISO 14496-3 §1.6.2.1: the audio object type is the first thing in the decoder's configuration.
    static string Mpeg4Audio(ReadOnlySpan<byte> esds)
    {
        const int mpeg4Audio = 0x40,
            escapedType = 31;
        var type = ReadDecoder(esds, out var specific);
        if (type != mpeg4Audio)
            return string.Create(CultureInfo.InvariantCulture, $"mp4a.{type:X2}");
        var bits = new BoxFields(BoxType.Esds, specific).UInt16();
        var audioType = bits >> 11;
        if (audioType == escapedType)
            audioType = 32 + ((bits >> 5) & 63);
        return string.Create(CultureInfo.InvariantCulture, $"mp4a.40.{audioType}");
    }

    /// <summary>
    /// The number of channels in the AAC configuration of an esds; null where it does not say. The sample entry's own number is 2 by
    /// convention.
    /// </summary>
    public static int? ChannelsOf(ReadOnlySpan<byte> esds)
    {
        const int explicitRate = 15,
            sevenMeansEight = 7;
        if (ReadDecoder(esds, out var specific) != 0x40 || specific.Length < 2)
            return null;
        var bits = BinaryPrimitives.ReadUInt16BigEndian(specific);
        if (bits >> 11 == 31 || ((bits >> 7) & 15) == explicitRate)
            return null;
        var channels = (bits >> 3) & 15;
        return channels switch
        {
            0 => null,
            sevenMeansEight => 8,
            > sevenMeansEight => null,
            _ => channels,
        };
    }

    // ISO 14496-1 §7.2.6: descriptors within descriptors; the object type, and behind it the decoder's own configuration, if there is one.
    static byte ReadDecoder(ReadOnlySpan<byte> esds, out ReadOnlySpan<byte> specific)
    {
        const int esDescriptor = 3,
            decoderConfig = 4,
            decoderSpecific = 5;
        var fields = new BoxFields(BoxType.Esds, esds).ReadVersion();
        var stream = Descriptor(ref fields, esDescriptor);
        stream.Skip(2);
        var flags = stream.UInt8();
        if ((flags & 0x80) != 0)
            stream.Skip(2);
        if ((flags & 0x40) != 0)
            stream.Skip(stream.UInt8());
        if ((flags & 0x20) != 0)
            stream.Skip(2);
        var decoder = Descriptor(ref stream, decoderConfig);
        var type = decoder.UInt8();
        decoder.Skip(12);
        specific = decoder.Rest.IsEmpty ? [] : Descriptor(ref decoder, decoderSpecific).Rest;
        return type;
    }

    static BoxFields Descriptor(scoped ref BoxFields fields, int tag)
    {
        if (fields.UInt8() != tag)
            throw Damage.In(BoxType.Esds, "has its parts out of order");
        var length = 0;
        for (var i = 0; i < 4; i++)
        {
            var part = fields.UInt8();
            length = (length << 7) | (part & 0x7F);
            if ((part & 0x80) == 0)
                break;
        }

        return new BoxFields(BoxType.Esds, fields.Take(Math.Min(length, fields.Rest.Length)));
    }

    static uint Reverse(uint value)
    {
        var reversed = 0u;
        for (; value != 0; value &= value - 1)
            reversed |= 0x80000000 >> BitOperations.TrailingZeroCount(value);
        return reversed;
    }
}
