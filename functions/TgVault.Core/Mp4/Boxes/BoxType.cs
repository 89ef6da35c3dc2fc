using System.Buffers.Binary;

namespace TgVault.Core.Mp4.Boxes;

/// <summary>A box's four letters (ISO 14496-12 §4.2), as the big-endian number they are stored as.</summary>
readonly record struct BoxType(uint Code)
{
    public static readonly BoxType Ac3 = From("ac-3"u8);
    public static readonly BoxType Av01 = From("av01"u8);
    public static readonly BoxType Av1C = From("av1C"u8);
    public static readonly BoxType Avc1 = From("avc1"u8);
    public static readonly BoxType Avc3 = From("avc3"u8);
    public static readonly BoxType AvcC = From("avcC"u8);
    public static readonly BoxType Chap = From("chap"u8);
    public static readonly BoxType Chpl = From("chpl"u8);
    public static readonly BoxType Clli = From("clli"u8);
    public static readonly BoxType Cmov = From("cmov"u8);
    public static readonly BoxType Co64 = From("co64"u8);
    public static readonly BoxType CoLL = From("CoLL"u8);
    public static readonly BoxType Colr = From("colr"u8);
    public static readonly BoxType Ctts = From("ctts"u8);
    public static readonly BoxType Dac3 = From("dac3"u8);
    public static readonly BoxType Dec3 = From("dec3"u8);
    public static readonly BoxType DfLa = From("dfLa"u8);
    public static readonly BoxType Dinf = From("dinf"u8);
    public static readonly BoxType DOps = From("dOps"u8);
    public static readonly BoxType Dref = From("dref"u8);
    public static readonly BoxType Ec3 = From("ec-3"u8);
    public static readonly BoxType Edts = From("edts"u8);
    public static readonly BoxType Elst = From("elst"u8);
    public static readonly BoxType Elng = From("elng"u8);
    public static readonly BoxType Enca = From("enca"u8);
    public static readonly BoxType Encv = From("encv"u8);
    public static readonly BoxType Esds = From("esds"u8);
    public static readonly BoxType FLaC = From("fLaC"u8);
    public static readonly BoxType Free = From("free"u8);
    public static readonly BoxType Ftyp = From("ftyp"u8);
    public static readonly BoxType Hdlr = From("hdlr"u8);
    public static readonly BoxType Hev1 = From("hev1"u8);
    public static readonly BoxType Hvc1 = From("hvc1"u8);
    public static readonly BoxType HvcC = From("hvcC"u8);
    public static readonly BoxType Mdat = From("mdat"u8);
    public static readonly BoxType Mdcv = From("mdcv"u8);
    public static readonly BoxType Mdhd = From("mdhd"u8);
    public static readonly BoxType Mdia = From("mdia"u8);
    public static readonly BoxType Mehd = From("mehd"u8);
    public static readonly BoxType Mfhd = From("mfhd"u8);
    public static readonly BoxType Minf = From("minf"u8);
    public static readonly BoxType Moof = From("moof"u8);
    public static readonly BoxType Moov = From("moov"u8);
    public static readonly BoxType Mp4a = From("mp4a"u8);
    public static readonly BoxType Mvex = From("mvex"u8);
    public static readonly BoxType Mvhd = From("mvhd"u8);
    public static readonly BoxType Name = From("name"u8);
    public static readonly BoxType Opus = From("Opus"u8);
    public static readonly BoxType Pasp = From("pasp"u8);
    public static readonly BoxType Saio = From("saio"u8);
    public static readonly BoxType Sbtl = From("sbtl"u8);
    public static readonly BoxType Schi = From("schi"u8);
    public static readonly BoxType Senc = From("senc"u8);
    public static readonly BoxType Sidx = From("sidx"u8);
    public static readonly BoxType Sinf = From("sinf"u8);
    public static readonly BoxType SmDm = From("SmDm"u8);
    public static readonly BoxType Smhd = From("smhd"u8);
    public static readonly BoxType Soun = From("soun"u8);
    public static readonly BoxType Stbl = From("stbl"u8);
    public static readonly BoxType Stco = From("stco"u8);
    public static readonly BoxType Stsc = From("stsc"u8);
    public static readonly BoxType Stsd = From("stsd"u8);
    public static readonly BoxType Stss = From("stss"u8);
    public static readonly BoxType Stsz = From("stsz"u8);
    public static readonly BoxType Stts = From("stts"u8);
    public static readonly BoxType Styl = From("styl"u8);
    public static readonly BoxType Styp = From("styp"u8);
    public static readonly BoxType Stz2 = From("stz2"u8);
    public static readonly BoxType Subt = From("subt"u8);
    public static readonly BoxType Text = From("text"u8);
    public static readonly BoxType Tfdt = From("tfdt"u8);
    public static readonly BoxType Tfhd = From("tfhd"u8);
    public static readonly BoxType Tkhd = From("tkhd"u8);
    public static readonly BoxType Traf = From("traf"u8);
    public static readonly BoxType Trak = From("trak"u8);
    public static readonly BoxType Tref = From("tref"u8);
    public static readonly BoxType Trex = From("trex"u8);
    public static readonly BoxType Trun = From("trun"u8);
    public static readonly BoxType Tx3g = From("tx3g"u8);
    public static readonly BoxType Udta = From("udta"u8);
    public static readonly BoxType Url = From("url "u8);
    public static readonly BoxType Uuid = From("uuid"u8);
    public static readonly BoxType Vide = From("vide"u8);
    public static readonly BoxType Vmhd = From("vmhd"u8);
    public static readonly BoxType Vp09 = From("vp09"u8);
    public static readonly BoxType VpcC = From("vpcC"u8);
    public static readonly BoxType Wave = From("wave"u8);

    public static BoxType From(ReadOnlySpan<byte> letters) => new(BinaryPrimitives.ReadUInt32BigEndian(letters));

    /// <summary>Whether all four bytes are printable ASCII, or the © that QuickTime's user data begins with.</summary>
    public bool IsPrintable
    {
        get
        {
            for (var shift = 24; shift >= 0; shift -= 8)
            {
                if ((byte)(Code >> shift) is not ((>= 0x20 and < 0x7F) or 0xA9))
                    return false;
            }

            return true;
        }
    }

    /// <summary>The letters; in hexadecimal where they are not printable, so that a message never carries control characters.</summary>
    public override string ToString() =>
        IsPrintable
            ? string.Create(
                4,
                Code,
                static (text, code) =>
                {
                    for (var i = 0; i < 4; i++)
                        text[i] = (char)(byte)(code >> (24 - (8 * i)));
                }
            )
            : $"0x{Code:x8}";
}
