using System.Buffers.Binary;
using System.Collections.Immutable;

namespace TgVault.Core.Pictures;

/// <summary>JPEG files (ITU-T T.81) as ffmpeg writes them: one behind the other, without pictures inside of pictures.</summary>
static class JpegFiles
{
    /// <summary>The files in what was written one behind the other.</summary>
    public static ImmutableArray<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> written)
    {
        ReadOnlySpan<byte> endAndBegin = [0xFF, 0xD9, 0xFF, 0xD8];
        var files = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>();
        while (written.Span.IndexOf(endAndBegin) is >= 0 and var at)
        {
            files.Add(written[..(at + 2)]);
            written = written[(at + 2)..];
        }

        if (!written.IsEmpty)
            files.Add(written);
        return files.ToImmutable();
    }

    /// <summary>The size of a picture in pixels; null where this is no JPEG.</summary>
    public static (int Width, int Height)? SizeOf(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            return null;
        for (var at = 2; at + 9 < file.Length && file[at] == 0xFF; )
        {
            var marker = file[at + 1];
            // The frame header, whatever the coding; C4, C8 and CC are none.
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
                return (BinaryPrimitives.ReadUInt16BigEndian(file[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(file[(at + 5)..]));
            // Fill bytes, and markers without a length.
            at +=
                marker is 0xFF ? 1
                : marker is >= 0xD0 and <= 0xD9 or 0x01 ? 2
                : 2 + BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
        }

        return null;
    }

    /// <summary>
    /// By how many degrees a camera wants its picture turned, clockwise (Exif 2.32 §4.6.4, orientation): 0, 90, 180 or 270. What mirrors
    /// it is passed over.
    /// </summary>
    public static int TurnOf(ReadOnlySpan<byte> file)
    {
        const int tiffAt = 10,
            orientation = 0x112;
        for (var at = 2; at + tiffAt + 8 < file.Length && file[at] == 0xFF && file[at + 1] is >= 0xE0 and <= 0xEF; )
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (file[at + 1] != 0xE1 || !file[(at + 4)..].StartsWith("Exif\0\0"u8) || length < tiffAt + 8)
            {
                at += 2 + length;
                continue;
            }

            var tiff = file[(at + tiffAt)..Math.Min(file.Length, at + 2 + length)];
            var isLittle = tiff.StartsWith("II"u8);
            var entries = Number(tiff, 4, 4, isLittle);
            var count = Number(tiff, entries, 2, isLittle);
            for (var entry = entries + 2; count > 0 && entry + 12 <= tiff.Length; entry += 12, count--)
            {
                if (Number(tiff, entry, 2, isLittle) == orientation)
                    return Number(tiff, entry + 8, 2, isLittle) switch
                    {
                        3 => 180,
                        6 => 90,
                        8 => 270,
                        _ => 0,
                    };
            }

            return 0;
        }

        return 0;
    }

    // 0 where it lies outside.
    static long Number(ReadOnlySpan<byte> tiff, long at, int bytes, bool isLittle)
    {
        if (at < 0 || at + bytes > tiff.Length)
            return 0;
        var from = tiff[(int)at..];
        return (bytes, isLittle) switch
        {
            (2, true) => BinaryPrimitives.ReadUInt16LittleEndian(from),
            (2, false) => BinaryPrimitives.ReadUInt16BigEndian(from),
            (_, true) => BinaryPrimitives.ReadUInt32LittleEndian(from),
            (_, false) => BinaryPrimitives.ReadUInt32BigEndian(from),
        };
    }
}
