using System.Buffers.Binary;
using TgVault.Cli.Conformance;

namespace TgVault.Cli.Chaos.Model;

/// <summary>The parts of the clip that is in the program, as films of the run are put together from them (ISO 14496-12).</summary>
static class SourceClip
{
    const int HeaderBytes = 8;

    static readonly byte[] Clip = ClipTable.Content();
    static readonly (int Start, int Length) Moov = Find("moov"u8);
    static readonly (int Start, int Length) Mdat = Find("mdat"u8);

    public static int LengthBytes => Clip.Length;

    /// <summary>All of it: ftyp, moov, mdat.</summary>
    public static FilePiece Whole { get; } = FilePiece.Of(Clip);

    public static FilePiece Type { get; } = FilePiece.Of(Clip[..Moov.Start]);

    /// <summary>What is in mdat.</summary>
    public static FilePiece Media { get; } = FilePiece.Of(Clip[(Mdat.Start + HeaderBytes)..(Mdat.Start + Mdat.Length)]);

    public static FilePiece FreeHeader(long contentBytes) => Header("free"u8, contentBytes);

    /// <summary>The header of an mdat with the clip's media and so many bytes more.</summary>
    public static FilePiece MediaHeader(long moreBytes) => Header("mdat"u8, Media.LengthBytes + moreBytes);

    /// <summary>The moov box for a file of ftyp, it and mdat, or of ftyp, mdat and it: where media lies is said anew.</summary>
    public static FilePiece MovieWith(bool moovFirst)
    {
        var movie = Clip[Moov.Start..(Moov.Start + Moov.Length)];
        var shift = Moov.Start + (moovFirst ? Moov.Length : 0) - Mdat.Start;
        for (var at = 0; movie.AsSpan(at).IndexOf("stco"u8) is >= 0 and var found; )
        {
            at += found + HeaderBytes;
            var count = BinaryPrimitives.ReadInt32BigEndian(movie.AsSpan(at));
            for (at += 4; count > 0; count--, at += 4)
                BinaryPrimitives.WriteInt32BigEndian(movie.AsSpan(at), BinaryPrimitives.ReadInt32BigEndian(movie.AsSpan(at)) + shift);
        }

        return FilePiece.Of(movie);
    }

    static FilePiece Header(ReadOnlySpan<byte> type, long contentBytes)
    {
        var header = new byte[HeaderBytes];
        BinaryPrimitives.WriteUInt32BigEndian(header, checked((uint)(contentBytes + HeaderBytes)));
        type.CopyTo(header.AsSpan(4));
        return FilePiece.Of(header);
    }

    static (int Start, int Length) Find(ReadOnlySpan<byte> type)
    {
        for (var at = 0; ; )
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(Clip.AsSpan(at));
            if (Clip.AsSpan(at + 4, 4).SequenceEqual(type))
                return (at, length);
            at += length;
        }
    }
}
