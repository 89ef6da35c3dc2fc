using System.Buffers.Binary;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Index;
using TgVault.Core.Mp4.Movie;
using TgVault.Core.Videos;

namespace TgVault.Core.Pictures;

/// <summary>
/// A picture file as a film of one picture: so ffmpeg takes it by the one door that films come in by, and its size is looked at before
/// anything is decoded.
/// </summary>
/// <param name="Index">Of the film.</param>
/// <param name="Picture">Its one picture, which is the file.</param>
/// <param name="Video">Its one track.</param>
sealed record StillImage(Mp4Index Index, FilmPicture Picture, MediaTrack Video)
{
    /// <summary>The largest file that is taken, in bytes.</summary>
    public const int MostBytes = 16 << 20;

    /// <summary>What a picture's values stand for, as ffmpeg tells it: JPEG's, whatever its size.</summary>
    public const string Colour = "bt470bg/-/-";

    /// <summary>The largest picture that is decoded, in pixels: more than cameras have.</summary>
    const long MostPixels = 120_000_000;
    const int LongestSide = 16_384;

    static ReadOnlySpan<byte> PngStart => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <exception cref="MediaException">It is no picture that is taken; the message is for its owner.</exception>
    public static StillImage Of(ReadOnlySpan<byte> file)
    {
        var isJpeg = JpegFiles.SizeOf(file) is not null;
        if ((isJpeg ? JpegFiles.SizeOf(file) : PngSizeOf(file)) is not var (width, height))
            throw new MediaException("A poster is made of a JPEG or a PNG; this is neither.");
        if (file.Length > MostBytes)
            throw new MediaException($"A picture may have up to {MostBytes >> 20} MiB.");
        if (width < 1 || height < 1 || Math.Max(width, height) > LongestSide || (long)width * height > MostPixels)
            throw new MediaException($"A picture may have up to {LongestSide} pixels a side and {MostPixels / 1_000_000} million in all.");
        var (entry, codec) = isJpeg ? (BoxType.From("jpeg"u8), "mjpeg") : (BoxType.From("png "u8), "png");
        var track = new IndexTrack
        {
            Kind = MediaTrackKind.Video,
            Timescale = 1000,
            Codec = codec,
            Language = "und",
            Name = "",
            Width = width,
            Height = height,
            SampleCount = 1,
            End = 1000,
            Matrix = MatrixOf(isJpeg ? JpegFiles.TurnOf(file) : 0),
            SampleEntry = EntryOf(entry, width, height),
        };
        return new StillImage(
            new Mp4Index(file.Length, [track], [], new SegmentTable([0, 1000], [file.Length], [], IsClosed: true)),
            new FilmPicture(new Sample(0, file.Length, 1000, 0, IsSync: true), 0, 0),
            new MediaTrack
            {
                Index = 0,
                Kind = MediaTrackKind.Video,
                Codec = codec,
                Colour = Colour,
            }
        );
    }

    static (int Width, int Height)? PngSizeOf(ReadOnlySpan<byte> file) =>
        file.Length > 24 && file.StartsWith(PngStart)
            ? (BinaryPrimitives.ReadInt32BigEndian(file[16..]), BinaryPrimitives.ReadInt32BigEndian(file[20..]))
            : null;

    // ISO 14496-12 §12.1.3.
    static byte[] EntryOf(BoxType type, int width, int height)
    {
        var writer = new BoxWriter();
        using (writer.Open(type))
        {
            writer
                .Zeros(6)
                .UInt16(1)
                .Zeros(16)
                .UInt16((ushort)width)
                .UInt16((ushort)height)
                .UInt32(0x48_0000)
                .UInt32(0x48_0000)
                .Zeros(4)
                .UInt16(1)
                .Zeros(32)
                .UInt16(24)
                .UInt16(0xFFFF);
        }

        return writer.ToArray();
    }

    // ISO 14496-12 §6.2.2: cosine and sine as 16.16 fixed-point numbers.
    static byte[] MatrixOf(int degrees)
    {
        var (cosine, sine) = degrees switch
        {
            90 => (0, 1),
            180 => (-1, 0),
            270 => (0, -1),
            _ => (1, 0),
        };
        return new BoxWriter()
            .UInt32((uint)(cosine << 16))
            .UInt32((uint)(sine << 16))
            .Zeros(4)
            .UInt32((uint)(-sine << 16))
            .UInt32((uint)(cosine << 16))
            .Zeros(12)
            .UInt32(0x4000_0000)
            .ToArray();
    }
}
