using System.Buffers.Binary;
using TgVault.Core.Mp4.Boxes;

namespace TgVault.Core.Mp4.Movie;

/// <summary>
/// How long a movie lasts by its tracks, where its own header (mvhd, ISO 14496-12 §8.2.2) says something else: players believe the header.
/// </summary>
/// <param name="Told">What the header says, in ticks of the movie.</param>
/// <param name="Shown">What its longest track shows, in ticks of the movie.</param>
/// <param name="Timescale">The movie's ticks per second.</param>
/// <param name="Field">Where the header says it, in the payload of moov.</param>
sealed record MovieLength(ulong Told, ulong Shown, uint Timescale, Range Field)
{
    // Less is rounding, or what one track is longer by than programs care.
    const double Tolerated = 0.25;

    public double ShownSeconds => (double)Shown / Timescale;

    /// <summary>Null where the header is right, and where that cannot be told.</summary>
    /// <param name="head">A file without fragments.</param>
    public static MovieLength? Wrong(Mp4Head head)
    {
        if (head.Layout.IsFragmented)
            return null;
        try
        {
            var moov = head.MoovPayload;
            var children = new BoxCursor(moov.Span);
            MovieLength? header = null;
            var shown = Int128.Zero;
            var traks = new List<ReadOnlyMemory<byte>>();
            while (children.MoveNext())
            {
                if (children.Type == BoxType.Mvhd)
                    header = ReadHeader(children.Payload, children.PayloadStart);
                else if (children.Type == BoxType.Trak && traks.Count < MovieBox.MaxTracks)
                    traks.Add(moov.Slice(children.PayloadStart, children.Payload.Length));
            }

            if (header is null)
                return null;
            foreach (var trak in traks)
                shown = Int128.Max(shown, ShownBy(trak, header.Timescale));
            var fits =
                shown > 0
                && shown <= (header.Field.End.Value - header.Field.Start.Value == sizeof(uint) ? uint.MaxValue - 1 : long.MaxValue);
            return fits && Math.Abs((double)shown - header.Told) > Tolerated * header.Timescale
                ? header with
                {
                    Shown = (ulong)shown,
                }
                : null;
        }
        catch (MediaException)
        {
            return null;
        }
    }

    /// <summary>Writes what is shown into the payload of moov, which has the header where it was.</summary>
    public void Correct(Span<byte> moov)
    {
        var field = moov[Field];
        if (field.Length == sizeof(uint))
            BinaryPrimitives.WriteUInt32BigEndian(field, (uint)Shown);
        else
            BinaryPrimitives.WriteUInt64BigEndian(field, Shown);
    }

    static MovieLength? ReadHeader(ReadOnlySpan<byte> mvhd, int start)
    {
        var fields = new BoxFields(BoxType.Mvhd, mvhd).ReadVersion();
        fields.Skip(fields.Version == 1 ? 16 : 8);
        var timescale = fields.UInt32();
        var at = start + mvhd.Length - fields.Rest.Length;
        var told = fields.Time();
        return timescale > 0 ? new MovieLength(told, 0, timescale, at..(start + mvhd.Length - fields.Rest.Length)) : null;
    }

    // What its edit list shows of what there is, or all of it.
    static Int128 ShownBy(ReadOnlyMemory<byte> trak, uint movieTimescale)
    {
        if (TrackBox.Find(trak, BoxType.Mdia) is not { } mdia || TrackBox.Find(mdia, BoxType.Minf) is not { } minf)
            return 0;
        var timescale = TrackBox.ReadMediaHeader(mdia).Timescale;
        var media = TrackBox.Find(minf, BoxType.Stbl) is { } stbl ? LengthOf(stbl) : 0;
        if (media == 0 || TrackBox.Find(trak, BoxType.Edts) is not { } edts || TrackBox.Find(edts, BoxType.Elst) is not { } elst)
            return media * movieTimescale / timescale;
        var shown = Int128.Zero;
        foreach (var piece in EditList.ReadPieces(elst.Span, movieTimescale, timescale))
        {
            var left = Int128.Max(0, media - piece.MediaStart);
            shown += piece.Delay + (piece.Length is { } length ? Int128.Min(length, left) : left);
        }

        return ((shown * movieTimescale) + (timescale / 2)) / timescale;
    }

    // As in DurationReader, a step back lasts a tick.
    static Int128 LengthOf(ReadOnlyMemory<byte> stbl)
    {
        var durations = SampleTables.Read(stbl).Durations;
        var length = Int128.Zero;
        for (var entry = 0; entry < durations.Count; entry++)
            length += (Int128)durations.UInt32(entry) * (durations.UInt32(entry, 1) is <= int.MaxValue and var lasts ? lasts : 1);
        return length;
    }
}
