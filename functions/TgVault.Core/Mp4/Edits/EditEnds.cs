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

    /// <summary>What has to be changed in a file so that its tracks show no more than this, and its movie lasts no longer.</summary>
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
        var (changes, movie) = (new List<ChangedBytes>(), 0L);
        foreach (var (trak, number) in boxes.Where(box => box.Type == BoxType.Trak).Select((box, number) => (box.Payload, number)))
        {
            var whole = TrackSurvey.AllBoxes(trak).Find(box => box.Type == BoxType.Tkhd).Payload is { Length: > 0 } tkhd
                ? DurationIn(tkhd, behindTimes: 2 * sizeof(uint))
                : default;
            var lasts = NumberIn(whole);
            if (number < seconds.Count && seconds[number] is { } end && LengthIn(trak) is var (before, length))
            {
                var shown = (long)Math.Round(end * timescale);
                Reduce(length, shown);
                Reduce(whole, lasts = Math.Min(lasts, before + shown));
            }

            movie = Math.Max(movie, lasts);
        }

        if (changes.Count > 0)
            Reduce(DurationIn(mvhd, behindTimes: sizeof(uint)), movie);
        return changes;

        void Reduce(ReadOnlyMemory<byte> field, long value)
        {
            if (value < NumberIn(field))
                changes.Add(new ChangedBytes(start + PlaceOf(moov, field), Bytes(value, field.Length)));
        }
    }

    // Of the edit that shows something, which is the last one, and how much of nothing comes before it.
    static (long Before, ReadOnlyMemory<byte> Length)? LengthIn(ReadOnlyMemory<byte> trak)
    {
        var edts = TrackSurvey.AllBoxes(trak).Find(box => box.Type == BoxType.Edts).Payload;
        var elst = TrackSurvey.AllBoxes(edts).Find(box => box.Type == BoxType.Elst).Payload;
        const int headBytes = 8;
        if (elst.Length < headBytes)
            return null;
        var (lengthBytes, entryBytes) = elst.Span[0] == 1 ? (sizeof(long), 20) : (sizeof(uint), 12);
        var before = 0L;
        for (var at = headBytes; at + entryBytes <= elst.Length; at += entryBytes)
        {
            var length = elst.Slice(at, lengthBytes);
            if (at + entryBytes == elst.Length)
                return (before, length);
            before += NumberIn(length);
        }

        return null;
    }

    // In mvhd and tkhd it stands behind two times and some numbers.
    static ReadOnlyMemory<byte> DurationIn(ReadOnlyMemory<byte> header, int behindTimes)
    {
        var lengthBytes = header.Span[0] == 1 ? sizeof(long) : sizeof(uint);
        var at = sizeof(uint) + (2 * lengthBytes) + behindTimes;
        return header.Length >= at + lengthBytes ? header.Slice(at, lengthBytes) : default;
    }

    static long NumberIn(ReadOnlyMemory<byte> field) =>
        field.Length switch
        {
            sizeof(long) => BinaryPrimitives.ReadInt64BigEndian(field.Span),
            sizeof(uint) => BinaryPrimitives.ReadUInt32BigEndian(field.Span),
            _ => 0,
        };

    static byte[] Bytes(long number, int length)
    {
        var bytes = new byte[length];
        if (length == sizeof(long))
            BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        else
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)number);
        return bytes;
    }

    static long PlaceOf(ReadOnlyMemory<byte> all, ReadOnlyMemory<byte> part) =>
        all.Span.Overlaps(part.Span, out var offset) ? offset : throw new InvalidOperationException("A bug: the part is of other bytes.");
}
