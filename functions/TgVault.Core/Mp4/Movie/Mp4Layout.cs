using System.Buffers;
using System.Collections.Immutable;
using TgVault.Core.Mp4.Boxes;

namespace TgVault.Core.Mp4.Movie;

/// <summary>A box of the file itself, header included.</summary>
/// <param name="HeaderBytes">8 or 16.</param>
sealed record TopBox(BoxType Type, long Offset, int HeaderBytes, long LengthBytes)
{
    public long PayloadOffset => Offset + HeaderBytes;

    public long End => Offset + LengthBytes;
}

/// <summary>
/// Where the boxes of an MP4 or MOV file lie. Reading it costs about one small read per box of the file; media is never read.
/// In a fragmented file the walk ends at the first moof: what follows is the fragments' own business.
/// </summary>
sealed record Mp4Layout
{
    /// <summary>A progressive file has a handful; the bound only stops files made of nothing but headers.</summary>
    public const int MaxBoxes = 16_384;

    // Enough for ftyp and the headers around it in one read, as nginx-vod-module does.
    const int WindowBytes = 4096;

    // What MP4 and MOV files are seen to begin with; anything else is some other kind of file, not a damaged MP4.
    static readonly ImmutableArray<BoxType> Openers =
    [
        BoxType.Ftyp,
        BoxType.Moov,
        BoxType.Mdat,
        BoxType.From("free"u8),
        BoxType.From("skip"u8),
        BoxType.From("wide"u8),
        BoxType.From("pnot"u8),
        BoxType.From("uuid"u8),
        BoxType.From("styp"u8),
        BoxType.From("pdin"u8),
        BoxType.From("meta"u8),
    ];

    /// <summary>The whole file's length in bytes.</summary>
    public required long LengthBytes { get; init; }

    /// <summary>The boxes in file order.</summary>
    public required ImmutableArray<TopBox> Boxes { get; init; }

    /// <summary>Null in QuickTime files from before ftyp.</summary>
    public TopBox? FileType => Boxes.FirstOrDefault(box => box.Type == BoxType.Ftyp);

    public TopBox Moov => Boxes.First(box => box.Type == BoxType.Moov);

    /// <summary>Whether samples lie in fragments (moof) rather than in moov's own tables.</summary>
    public bool IsFragmented => Boxes[^1].Type == BoxType.Moof;

    /// <summary>Whether a player finds moov before any media.</summary>
    public bool IsFaststart => Boxes.First(box => box.Type == BoxType.Moov || box.Type == BoxType.Mdat).Type == BoxType.Moov;

    /// <summary>Walks the file's own boxes.</summary>
    /// <param name="read">Reads the source.</param>
    /// <param name="lengthBytes">The source's length in bytes.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <param name="mayBeCut">Whether mdat may be longer than the file: then it ends with the file.</param>
    /// <exception cref="MediaException">This is no MP4, or it is cut short or damaged.</exception>
    public static async Task<Mp4Layout> ReadAsync(
        ReadRange read,
        long lengthBytes,
        CancellationToken cancellationToken,
        bool mayBeCut = false
    )
    {
        var boxes = ImmutableArray.CreateBuilder<TopBox>();
        var window = ArrayPool<byte>.Shared.Rent(WindowBytes);
        try
        {
            long windowStart = 0,
                windowEnd = 0,
                offset = 0;
            // Fewer bytes than a header at the end are padding that some writers leave.
            while (lengthBytes - offset >= BoxHeader.MinBytes)
            {
                if (offset + Math.Min(BoxHeader.MaxBytes, lengthBytes - offset) > windowEnd)
                {
                    windowStart = offset;
                    windowEnd = Math.Min(lengthBytes, offset + WindowBytes);
                    await read(windowStart, window.AsMemory(0, (int)(windowEnd - windowStart)), cancellationToken);
                }

                var bytes = window.AsSpan((int)(offset - windowStart));
                if (offset == 0 && !Openers.Contains(BoxType.From(bytes[4..])))
                    break;
                var left = lengthBytes - offset;
                var isMedia = mayBeCut && BoxType.From(bytes[4..]) == BoxType.Mdat;
                var header = BoxHeader.Read(bytes, isMedia ? long.MaxValue : left, topLevel: true);
                header = header with { SizeBytes = Math.Min(header.SizeBytes, left) };
                Check(boxes, header);
                boxes.Add(new TopBox(header.Type, offset, header.HeaderBytes, header.SizeBytes));
                if (header.Type == BoxType.Moof)
                    break;
                offset += header.SizeBytes;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(window);
        }

        if (!boxes.Any(box => box.Type == BoxType.Moov))
        {
            throw new MediaException(
                boxes.Count == 0
                    ? "This is not an MP4 file."
                    : "The MP4 has no index (moov box): it is cut short, or the recording was not finished."
            );
        }

        return new Mp4Layout { LengthBytes = lengthBytes, Boxes = boxes.ToImmutable() };
    }

    static void Check(ImmutableArray<TopBox>.Builder boxes, BoxHeader header)
    {
        if (boxes.Count == MaxBoxes)
            throw Damage.Of($"it has more than {MaxBoxes} boxes side by side");
        if (header.Type == BoxType.Moov && boxes.Any(box => box.Type == BoxType.Moov))
            throw Damage.Of("it has more than one index (moov box)");
    }
}
