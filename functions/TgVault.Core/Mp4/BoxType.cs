using System.Buffers.Binary;

namespace TgVault.Core.Mp4;

/// <summary>A box's four letters (ISO 14496-12 §4.2), as the big-endian number they are stored as.</summary>
public readonly record struct BoxType(uint Code)
{
    public static readonly BoxType Cmov = From("cmov"u8);
    public static readonly BoxType Co64 = From("co64"u8);
    public static readonly BoxType Dinf = From("dinf"u8);
    public static readonly BoxType Dref = From("dref"u8);
    public static readonly BoxType Ftyp = From("ftyp"u8);
    public static readonly BoxType Mdat = From("mdat"u8);
    public static readonly BoxType Mdia = From("mdia"u8);
    public static readonly BoxType Minf = From("minf"u8);
    public static readonly BoxType Moof = From("moof"u8);
    public static readonly BoxType Moov = From("moov"u8);
    public static readonly BoxType Saio = From("saio"u8);
    public static readonly BoxType Stbl = From("stbl"u8);
    public static readonly BoxType Stco = From("stco"u8);
    public static readonly BoxType Trak = From("trak"u8);
    public static readonly BoxType Url = From("url "u8);

    public static BoxType From(ReadOnlySpan<byte> letters) => new(BinaryPrimitives.ReadUInt32BigEndian(letters));

    /// <summary>Whether all four bytes are printable ASCII, or the © that QuickTime's user data begins with.</summary>
    public bool IsPrintable
    {
        get
        {
            for (var shift = 24; shift >= 0; shift -= 8)
            {
                if ((byte)(Code >> shift) is not ((>= 0x20 and < 0x7F) or 0xA9)) return false;
            }

            return true;
        }
    }

    /// <summary>The letters; in hexadecimal where they are not printable, so that a message never carries control characters.</summary>
    public override string ToString() => IsPrintable
        ? string.Create(4, Code, static (text, code) =>
        {
            for (var i = 0; i < 4; i++) text[i] = (char)(byte)(code >> (24 - (8 * i)));
        })
        : $"0x{Code:x8}";
}
