using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;
using TgVault.Core.Videos;

namespace TgVault.Core.Pictures;

/// <summary>
/// Pictures as they are stored: a ZIP whose entries are not compressed, so that all sizes, or all sheets, are one document in the channel,
/// and whoever recovers a vault opens it with what there is on every system.
/// </summary>
/// <param name="Kind">A poster or a storyboard.</param>
/// <param name="Content">The ZIP.</param>
/// <param name="Media">The sizes of its pictures, in order.</param>
sealed record PackedPictures(CompanionKind Kind, byte[] Content, MediaSummary Media)
{
    public const string ContentType = "application/zip";

    /// <summary>The name of a poster that a person chose; no other takes its place unasked.</summary>
    public const string Chosen = "chosen";

    /// <summary>The most that is read of one companion, in bytes; what is made is a tenth of it.</summary>
    public const int MostBytes = 16 << 20;

    /// <summary>The companion that holds it; number and length are given to it when it is staged.</summary>
    public Companion ToCompanion(string name = "") =>
        new()
        {
            Kind = Kind,
            Number = 0,
            Name = name,
            ContentType = ContentType,
            Media = Media,
        };

    /// <summary>What stands in the row where no pictures could be made.</summary>
    /// <param name="reason">Why, in a sentence.</param>
    public static ImmutableArray<Companion> Failed(string reason) =>
        [
            .. new[] { CompanionKind.Poster, CompanionKind.Storyboard }.Select(kind => new Companion
            {
                Kind = kind,
                Number = 0,
                ContentType = ContentType,
                State = CompanionState.Failed,
                Failure = reason,
            }),
        ];

    /// <summary>A poster in some sizes, from small to large.</summary>
    public static PackedPictures OfPoster(ImmutableArray<ReadOnlyMemory<byte>> sizes) =>
        new(CompanionKind.Poster, Pack(sizes.Select((size, i) => (PictureNames.Sized(PictureNames.Sizes[i]), size))), SizesOf(sizes));

    /// <summary>A storyboard: its text, and its sheets.</summary>
    public static PackedPictures OfStoryboard(string text, ImmutableArray<ReadOnlyMemory<byte>> sheets) =>
        new(
            CompanionKind.Storyboard,
            Pack(
                sheets
                    .Select((sheet, i) => (PictureNames.Sheet(i), sheet))
                    .Prepend((PictureNames.Storyboard, Encoding.UTF8.GetBytes(text).AsMemory()))
            ),
            SizesOf(sheets)
        );

    /// <summary>The entry of this name; null where there is none.</summary>
    /// <exception cref="MediaException">It is no ZIP of pictures.</exception>
    public static byte[]? Find(byte[] content, string name)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(content, writable: false), ZipArchiveMode.Read);
            if (zip.GetEntry(name) is not { Length: <= MostBytes } entry)
                return null;
            var bytes = new byte[entry.Length];
            using var stream = entry.Open();
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            throw new MediaException("The stored pictures cannot be read.", exception);
        }
    }

    static byte[] Pack(IEnumerable<(string Name, ReadOnlyMemory<byte> Content)> files)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                var entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
                // No time of day in it: the same pictures are the same bytes.
                entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using var stream = entry.Open();
                stream.Write(content.Span);
            }
        }

        return packed.ToArray();
    }

    static MediaSummary SizesOf(ImmutableArray<ReadOnlyMemory<byte>> pictures) =>
        new()
        {
            Container = "jpeg",
            Tracks =
            [
                .. pictures.Select(
                    (picture, i) =>
                    {
                        var (width, height) = JpegFiles.SizeOf(picture.Span) ?? throw new MediaException("ffmpeg wrote no JPEG.");
                        return new MediaTrack
                        {
                            Index = i,
                            Kind = MediaTrackKind.Video,
                            Codec = "mjpeg",
                            Width = width,
                            Height = height,
                        };
                    }
                ),
            ],
        };
}
