using System.Buffers.Binary;
using TgVault.Core.Mp4.Boxes;

namespace TgVault.Core.Mp4.Movie;

/// <summary>
/// How many bytes the tables of a file claim for its samples. Tables may name the same bytes again and again, so that a megabyte becomes
/// days of sound once somebody copies or decodes it; that is seen here before anybody does.
/// </summary>
static class SampleClaims
{
    /// <summary>
    /// Tracks may share bytes, and QuickTime counts compressed sound as if it were not: up to six times what lies there.
    /// </summary>
    const int MostTimes = 8;

    /// <summary>More fragments than a day of one per second has, with their media and indexes.</summary>
    const int MaxBoxes = 300_000;

    const int MaxMoofBytes = 16 << 20;

    /// <summary>Checks the tables in moov, as far as they can be read: what is damaged is for others to tell.</summary>
    /// <param name="moov">The box's payload.</param>
    /// <param name="sourceBytes">The file's length.</param>
    /// <exception cref="MediaException">Together they claim many times the file.</exception>
    public static void Check(ReadOnlyMemory<byte> moov, long sourceBytes) => Check(OfMovie(moov, sourceBytes), sourceBytes);

    /// <summary>Checks the tables in moov and those of all fragments: about one small read per box of the file.</summary>
    /// <exception cref="MediaException">Together they claim many times the file.</exception>
    public static async Task CheckAsync(Mp4Head head, ReadRange read, CancellationToken cancellationToken)
    {
        var length = head.Layout.LengthBytes;
        var claimed = OfMovie(head.MoovPayload, length);
        Check(claimed, length);
        if (!head.Layout.IsFragmented)
            return;
        var defaults = DefaultSizes(head.MoovPayload.Span);
        using var window = new RangeWindow(read, length);
        var offset = head.Layout.Boxes[^1].Offset;
        for (var boxes = 0; boxes < MaxBoxes && length - offset >= BoxHeader.MinBytes; boxes++)
        {
            var headerBytes = (int)Math.Min(BoxHeader.MaxBytes, length - offset);
            if (!TryRead((await window.GetAsync(offset, headerBytes, cancellationToken)).Span, length - offset, out var header))
                return;
            if (header.Type == BoxType.Moof && header.SizeBytes <= MaxMoofBytes)
            {
                var moof = await window.GetAsync(offset, (int)header.SizeBytes, cancellationToken);
                claimed += OfFragment(moof.Span[header.HeaderBytes..], defaults);
                Check(claimed, length);
            }

            offset += header.SizeBytes;
        }
    }

    static void Check(double claimed, long sourceBytes)
    {
        if (claimed > (double)sourceBytes * MostTimes)
            throw new MediaException(
                $"The MP4 names the same bytes again and again: its samples would be {claimed / sourceBytes:0} times as large as the file."
            );
    }

    static double OfMovie(ReadOnlyMemory<byte> moov, long sourceBytes)
    {
        var claimed = 0.0;
        foreach (var trak in Children(moov, BoxType.Trak))
        foreach (var mdia in Children(trak, BoxType.Mdia))
        foreach (var minf in Children(mdia, BoxType.Minf))
        foreach (var stbl in Children(minf, BoxType.Stbl))
            claimed += OfTables(stbl, sourceBytes);
        return claimed;
    }

    // As ffmpeg goes through them: chunk by chunk, as many samples as their runs say, until the sizes end.
    static double OfTables(ReadOnlyMemory<byte> stbl, long sourceBytes)
    {
        SampleTables tables;
        try
        {
            tables = SampleTables.ReadPlaces(stbl);
        }
        catch (MediaException)
        {
            return 0;
        }

        var claimed = 0.0;
        long sample = 0;
        for (int chunk = 0, run = -1; chunk < tables.Chunks.Count && sample < tables.SampleCount; chunk++)
        {
            while (run + 1 < tables.Runs.Count && tables.Runs.UInt32(run + 1) <= (uint)chunk + 1)
                run++;
            if (run < 0)
                continue;
            var end = Math.Min(sample + tables.Runs.UInt32(run, 1), tables.SampleCount);
            var bytes = tables.EqualSize != 0 ? (end - sample) * (double)tables.EqualSize : SizeOf(tables.Sizes, sample, end);
            // What lies past the end of the file is nobody's to read.
            claimed += Math.Min(bytes, Math.Max(0.0, sourceBytes - (double)tables.Chunks.Number(chunk)));
            sample = end;
        }

        return claimed;
    }

    static double SizeOf(Table sizes, long first, long end)
    {
        var bytes = 0.0;
        for (var i = first; i < Math.Min(end, sizes.Count); i++)
            bytes += sizes.Number((int)i);
        return bytes;
    }

    static Dictionary<uint, uint> DefaultSizes(ReadOnlySpan<byte> moov)
    {
        var sizes = new Dictionary<uint, uint>();
        var children = new BoxCursor(moov);
        while (TryMoveNext(ref children))
        {
            if (children.Type != BoxType.Mvex)
                continue;
            var defaults = new BoxCursor(children.Payload);
            while (TryMoveNext(ref defaults))
            {
                const int sizeAt = 16;
                if (defaults.Type == BoxType.Trex && defaults.Payload.Length >= sizeAt + 4 && sizes.Count < MovieBox.MaxTracks)
                    sizes[BinaryPrimitives.ReadUInt32BigEndian(defaults.Payload[4..])] = BinaryPrimitives.ReadUInt32BigEndian(
                        defaults.Payload[sizeAt..]
                    );
            }
        }

        return sizes;
    }

    static double OfFragment(ReadOnlySpan<byte> moof, Dictionary<uint, uint> defaults)
    {
        var claimed = 0.0;
        var children = new BoxCursor(moof);
        while (TryMoveNext(ref children))
        {
            if (children.Type != BoxType.Traf)
                continue;
            uint size = 0;
            var parts = new BoxCursor(children.Payload);
            while (TryMoveNext(ref parts))
            {
                if (parts.Type == BoxType.Tfhd)
                    size = SizeOf(parts.Payload, defaults);
                else if (parts.Type == BoxType.Trun)
                    claimed += OfRun(parts.Payload, size);
            }
        }

        return claimed;
    }

    static uint SizeOf(ReadOnlySpan<byte> tfhd, Dictionary<uint, uint> defaults)
    {
        try
        {
            var fields = new BoxFields(BoxType.Tfhd, tfhd).ReadVersion();
            var has = fields.Flags;
            var size = defaults.GetValueOrDefault(fields.UInt32());
            // Base offset, description and duration come before the size.
            fields.Skip(((has & 1) != 0 ? 8 : 0) + ((has & 2) != 0 ? 4 : 0) + ((has & 8) != 0 ? 4 : 0));
            return (has & 0x10) != 0 ? fields.UInt32() : size;
        }
        catch (MediaException)
        {
            return 0;
        }
    }

    static double OfRun(ReadOnlySpan<byte> trun, uint defaultSize)
    {
        const uint duration = 0x100,
            ownSize = 0x200,
            flags = 0x400,
            composition = 0x800;
        var claimed = 0.0;
        try
        {
            var fields = new BoxFields(BoxType.Trun, trun).ReadVersion();
            var has = fields.Flags;
            var count = fields.UInt32();
            if ((has & ownSize) == 0)
                return count * (double)defaultSize;
            fields.Skip(((has & 1) != 0 ? 4 : 0) + ((has & 4) != 0 ? 4 : 0));
            for (var i = 0; i < count; i++)
            {
                fields.Skip((has & duration) != 0 ? 4 : 0);
                claimed += fields.UInt32();
                fields.Skip(((has & flags) != 0 ? 4 : 0) + ((has & composition) != 0 ? 4 : 0));
            }
        }
        catch (MediaException)
        {
            // What could be read of the run counts.
        }

        return claimed;
    }

    static List<ReadOnlyMemory<byte>> Children(ReadOnlyMemory<byte> parent, BoxType type)
    {
        var found = new List<ReadOnlyMemory<byte>>();
        var children = new BoxCursor(parent.Span);
        while (TryMoveNext(ref children) && found.Count < MovieBox.MaxTracks)
        {
            if (children.Type == type)
                found.Add(parent.Slice(children.PayloadStart, children.Payload.Length));
        }

        return found;
    }

    static bool TryMoveNext(ref BoxCursor children)
    {
        try
        {
            return children.MoveNext();
        }
        catch (MediaException)
        {
            return false;
        }
    }

    static bool TryRead(ReadOnlySpan<byte> bytes, long available, out BoxHeader header)
    {
        try
        {
            header = BoxHeader.Read(bytes, available, topLevel: true);
            return true;
        }
        catch (MediaException)
        {
            header = default;
            return false;
        }
    }
}
