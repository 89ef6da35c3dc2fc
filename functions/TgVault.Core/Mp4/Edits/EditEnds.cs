using System.Buffers.Binary;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Movie;

namespace TgVault.Core.Mp4.Edits;

/// <summary>Bytes of a file that become others.</summary>
readonly record struct ChangedBytes(long Offset, byte[] Bytes);

/// <summary>
/// Where edit lists end tracks. ffmpeg copies the samples behind the end, which a cutter hid, and writes an edit list that shows them.
/// </summary>
static class EditEnds
{
    /// <summary>
    /// How much each track shows by its edit list, in seconds, by the ids of tracks; only of those that show one piece, and end before
    /// their media does.
    /// </summary>
    public static Dictionary<uint, double> Of(Mp4Head head)
    {
        var ends = new Dictionary<uint, double>();
        // Fragments go on behind moov's own samples.
        if (head.Layout.IsFragmented)
            return ends;
        foreach (var track in MovieBox.Read(head.MoovPayload).Tracks)
        {
            if (track.Pieces.Length == 1 && track.Edits.Length is { } length)
                ends[track.Id] = (double)length / track.Timescale;
        }

        return ends;
    }

    /// <summary>What has to be changed in a file so that its tracks show no more than this.</summary>
    /// <param name="head">The file, as ffmpeg writes it: each track has an edit list.</param>
    /// <param name="seconds">Of each track in the file's order; null where it stays.</param>
    public static IEnumerable<ChangedBytes> Shorten(Mp4Head head, IReadOnlyList<double?> seconds)
    {
        var start = head.Layout.Moov.PayloadOffset;
        var moov = head.MoovPayload;
        var boxes = TrackSurvey.AllBoxes(moov);
        if (boxes.Find(box => box.Type == BoxType.Mvhd).Payload is not { Length: > 0 } mvhd)
            return [];
        var timescale = MovieBox.ReadTimescale(mvhd.Span);
        var changes = new List<ChangedBytes>();
        foreach (var (trak, number) in boxes.Where(box => box.Type == BoxType.Trak).Select((box, number) => (box.Payload, number)))
        {
            if (number < seconds.Count && seconds[number] is { } end && LengthIn(trak) is { } length)
            {
                var (shown, wide) = ((long)Math.Round(end * timescale), length.Length == sizeof(long));
                if (shown < (wide ? BinaryPrimitives.ReadInt64BigEndian(length.Span) : BinaryPrimitives.ReadUInt32BigEndian(length.Span)))
                    changes.Add(new ChangedBytes(start + PlaceOf(moov, length), Bytes(shown, wide)));
            }
        }

        return changes;
    }

    // Of the edit that shows something, which is the last one.
    static ReadOnlyMemory<byte>? LengthIn(ReadOnlyMemory<byte> trak)
    {
        var edts = TrackSurvey.AllBoxes(trak).Find(box => box.Type == BoxType.Edts).Payload;
        var elst = TrackSurvey.AllBoxes(edts).Find(box => box.Type == BoxType.Elst).Payload;
        const int headBytes = 8;
        if (elst.Length < headBytes)
            return null;
        var wide = elst.Span[0] == 1;
        var entryBytes = wide ? 20 : 12;
        var last = elst.Length - entryBytes;
        return last >= headBytes ? elst.Slice(last, wide ? sizeof(long) : sizeof(uint)) : null;
    }

    static byte[] Bytes(long length, bool wide)
    {
        var bytes = new byte[wide ? sizeof(long) : sizeof(uint)];
        if (wide)
            BinaryPrimitives.WriteInt64BigEndian(bytes, length);
        else
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)length);
        return bytes;
    }

    static long PlaceOf(ReadOnlyMemory<byte> all, ReadOnlyMemory<byte> part) =>
        all.Span.Overlaps(part.Span, out var offset) ? offset : throw new InvalidOperationException("A bug: the part is of other bytes.");
}
