using System.Collections.Immutable;
using System.Text;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Codecs;

namespace TgVault.Core.Mp4.Movie;

/// <summary>trak: one video or audio track, what it is and where its samples are (ISO 14496-12 §8.3 to §8.5).</summary>
sealed record TrackBox
{
    const int MatrixBytes = 36;
    const int MaxNameBytes = 255;

    public required uint Id { get; init; }

    public required uint Timescale { get; init; }

    /// <summary>Three letters of ISO 639-2, or a tag of BCP 47; <c>und</c> where it is not told.</summary>
    public required string Language { get; init; }

    /// <summary>What a person called it; empty otherwise.</summary>
    public required string Name { get; init; }

    /// <summary>The picture's transformation as stored in tkhd; rotation is the usual use.</summary>
    public required byte[] Matrix { get; init; }

    public required SampleEntry Entry { get; init; }

    /// <summary>What of it is shown; where that is several pieces, the first of <see cref="Pieces"/>.</summary>
    public required EditList Edits { get; init; }

    /// <summary>What of it is shown, piece by piece.</summary>
    public ImmutableArray<EditList> Pieces { get; init; } = [];

    public required SampleTables Tables { get; init; }

    /// <summary>Reads a trak's payload; null where it is neither video nor audio, or in a codec that browsers do not play.</summary>
    public static TrackBox? Read(ReadOnlyMemory<byte> trak, uint movieTimescale)
    {
        if (Find(trak, BoxType.Mdia) is not { } mdia || Find(mdia, BoxType.Hdlr) is not { } hdlr)
            return null;
        var handler = new BoxFields(BoxType.Hdlr, hdlr.Span);
        handler.Skip(8);
        var isVideo = BoxType.From(handler.Take(4)) is var kind && kind == BoxType.Vide;
        if (!isVideo && kind != BoxType.Soun)
            return null;
        if (Find(mdia, BoxType.Minf) is not { } minf || Find(minf, BoxType.Stbl) is not { } stbl)
            throw Damage.Of("a track has no sample tables");
        if (Find(stbl, BoxType.Stsd) is not { } stsd || SampleEntry.Read(stsd.Span, isVideo) is not { } entry)
            return null;

        var (timescale, language) = ReadMediaHeader(mdia);
        var (id, matrix) = ReadTrackHeader(Required(trak, BoxType.Tkhd).Span);
        var pieces =
            Find(trak, BoxType.Edts) is { } edts && Find(edts, BoxType.Elst) is { } elst
                ? EditList.ReadPieces(elst.Span, movieTimescale, timescale)
                : [EditList.Everything];
        return new TrackBox
        {
            Id = id,
            Timescale = timescale,
            Language = language,
            Name = ReadName(trak),
            Matrix = matrix,
            Entry = entry,
            Edits = pieces[0],
            Pieces = pieces,
            Tables = SampleTables.Read(stbl),
        };
    }

    /// <summary>What a track counts in and which language it is in, by the payload of its mdia.</summary>
    internal static (uint Timescale, string Language) ReadMediaHeader(ReadOnlyMemory<byte> mdia)
    {
        var fields = new BoxFields(BoxType.Mdhd, Required(mdia, BoxType.Mdhd).Span).ReadVersion();
        fields.Skip(fields.Version == 1 ? 16 : 8);
        var timescale = fields.UInt32();
        if (timescale == 0)
            throw Damage.In(BoxType.Mdhd, "has no timescale");
        fields.Time();
        return (timescale, MediaLanguage.Of(mdia, fields.UInt16()));
    }

    internal static (uint Id, byte[] Matrix) ReadTrackHeader(ReadOnlySpan<byte> tkhd)
    {
        var fields = new BoxFields(BoxType.Tkhd, tkhd).ReadVersion();
        fields.Skip(fields.Version == 1 ? 16 : 8);
        var id = fields.UInt32();
        fields.Skip(4);
        fields.Time();
        fields.Skip(16);
        return (id, fields.Take(MatrixBytes).ToArray());
    }

    internal static string ReadName(ReadOnlyMemory<byte> trak)
    {
        if (Find(trak, BoxType.Udta) is not { } udta || Find(udta, BoxType.Name) is not { } name)
            return "";
        var text = Encoding.UTF8.GetString(name.Span[..Math.Min(name.Length, MaxNameBytes)].Trim((byte)0));
        return string.Concat(text.Where(IsText)).Trim();
    }

    /// <summary>
    /// Whether a name may have this character. Names go into playlists and XML, which allow no controls and no noncharacters of Unicode.
    /// </summary>
    internal static bool IsText(char c) => !char.IsControl(c) && c is not ('\uFFFD' or '\uFFFE' or '\uFFFF');

    internal static ReadOnlyMemory<byte> Required(ReadOnlyMemory<byte> parent, BoxType type) =>
        Find(parent, type) ?? throw Damage.Of($"a track has no '{type}' box");

    internal static ReadOnlyMemory<byte>? Find(ReadOnlyMemory<byte> parent, BoxType type)
    {
        var children = new BoxCursor(parent.Span);
        while (children.MoveNext())
        {
            if (children.Type == type)
                return parent.Slice(children.PayloadStart, children.Payload.Length);
        }

        return null;
    }
}
