using System.Collections.Immutable;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Fragments;
using TgVault.Core.Mp4.Index;

namespace TgVault.Core.Pictures;

/// <summary>
/// A small MP4 of some pictures of a film, for ffmpeg to decode: so nothing else of the film is read, be it on the disk or in a channel.
/// </summary>
static class PictureFilm
{
    const int PieceBytes = 1 << 20;
    const uint SyncFlags = 0x0200_0000;
    const uint NonSyncFlags = 0x0101_0000;

    /// <summary>Writes pictures that decode alone, each a second after the one before.</summary>
    /// <inheritdoc cref="WriteAsync"/>
    public static Task WriteKeysAsync(
        Mp4Index index,
        ImmutableArray<FilmPicture> pictures,
        ReadRange read,
        string path,
        CancellationToken cancellationToken
    )
    {
        var second = index.Tracks[0].Timescale;
        return WriteAsync(
            index,
            [.. pictures.Select((picture, i) => new FilmPicture(picture.Sample with { Duration = second }, i * second, i * second))],
            from: 0,
            read,
            path,
            cancellationToken
        );
    }

    /// <summary>
    /// Writes pictures that follow one another, the first of which decodes alone. No picture may be shown before it is decoded, so all are
    /// shown as much later as <see cref="LeadOf"/> says.
    /// </summary>
    /// <param name="index">The film's.</param>
    /// <param name="pictures">In the order in which they are decoded.</param>
    /// <param name="from">What is to be time 0, in ticks.</param>
    /// <param name="read">Reads the film.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="MediaException">A picture lies behind the film's end.</exception>
    public static async Task WriteAsync(
        Mp4Index index,
        ImmutableArray<FilmPicture> pictures,
        long from,
        ReadRange read,
        string path,
        CancellationToken cancellationToken
    )
    {
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous);
        await file.WriteAsync(InitSegment.WritePictures(index), cancellationToken);
        await file.WriteAsync(Boxes(pictures, from), cancellationToken);
        var piece = PiecePool.Rent(PieceBytes);
        try
        {
            foreach (var range in RangesOf(index, pictures))
            {
                for (var offset = range.Offset; offset < range.End; )
                {
                    var memory = piece.AsMemory(0, (int)Math.Min(PieceBytes, range.End - offset));
                    await read(offset, memory, cancellationToken);
                    await file.WriteAsync(memory, cancellationToken);
                    offset += memory.Length;
                }
            }
        }
        finally
        {
            PiecePool.Return(piece);
        }
    }

    /// <summary>By how much decoding has to begin before what is to be time 0, in ticks.</summary>
    public static long LeadOf(ImmutableArray<FilmPicture> pictures, long from) =>
        Math.Max(0, pictures.Max(picture => picture.Decoded - pictures[0].Decoded - (picture.Shown - from)));

    /// <summary>Where pictures lie in the film, those that touch as one.</summary>
    /// <exception cref="MediaException">One lies behind the film's end.</exception>
    public static ImmutableArray<SourceRange> RangesOf(Mp4Index index, ImmutableArray<FilmPicture> pictures)
    {
        var ranges = ImmutableArray.CreateBuilder<SourceRange>();
        foreach (var (sample, _, _) in pictures.Where(picture => picture.Sample.SizeBytes > 0))
        {
            if (sample.Offset < 0 || sample.Offset > index.SourceBytes - sample.SizeBytes)
                throw new MediaException("One of its pictures lies behind its end.");
            if (ranges.Count > 0 && ranges[^1].End == sample.Offset)
                ranges[^1] = ranges[^1] with { LengthBytes = ranges[^1].LengthBytes + sample.SizeBytes };
            else
                ranges.Add(new SourceRange(sample.Offset, sample.SizeBytes));
        }

        return ranges.DrainToImmutable();
    }

    // One fragment of all (ISO 14496-12 §8.8).
    static byte[] Boxes(ImmutableArray<FilmPicture> pictures, long from)
    {
        const uint baseIsMoof = 0x20000,
            fields = 0xF01;
        var lead = LeadOf(pictures, from);
        var writer = new BoxWriter(256 + (16 * pictures.Length));
        int dataOffset;
        using (writer.Open(BoxType.Moof))
        {
            using (writer.Open(BoxType.Mfhd, 0, 0))
                writer.UInt32(1);
            using (writer.Open(BoxType.Traf))
            {
                using (writer.Open(BoxType.Tfhd, 0, baseIsMoof))
                    writer.UInt32(1);
                using (writer.Open(BoxType.Tfdt, 1, 0))
                    writer.UInt64(0);
                using (writer.Open(BoxType.Trun, 1, fields))
                {
                    writer.UInt32((uint)pictures.Length);
                    dataOffset = writer.LengthBytes;
                    writer.UInt32(0);
                    foreach (var (sample, decoded, shown) in pictures)
                    {
                        var composition = shown - from + lead - (decoded - pictures[0].Decoded);
                        writer
                            .UInt32(sample.Duration)
                            .UInt32((uint)sample.SizeBytes)
                            .UInt32(sample.IsSync ? SyncFlags : NonSyncFlags)
                            .UInt32((uint)Math.Min(composition, int.MaxValue));
                    }
                }
            }
        }

        writer.Patch(dataOffset, (uint)writer.LengthBytes + BoxHeader.MinBytes);
        var mediaBytes = pictures.Sum(picture => (long)picture.Sample.SizeBytes);
        writer.UInt32((uint)(mediaBytes + BoxHeader.MinBytes)).UInt32(BoxType.Mdat.Code);
        return writer.ToArray();
    }
}
