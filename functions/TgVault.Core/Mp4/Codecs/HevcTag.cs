using TgVault.Core.Mp4.Boxes;

namespace TgVault.Core.Mp4.Codecs;

/// <summary>
/// Renames HEVC sample entries in a moov from hev1 to hvc1: Apple's players play only hvc1. The two names differ in one promise: hvc1 has
/// all parameter sets (VPS, SPS, PPS) in the sample entry (ISO 14496-15 §8.4.1). Where they are all there, the four letters can be changed
/// in place. Nothing else changes, and no byte moves.
/// </summary>
static class HevcTag
{
    const int VideoFieldsBytes = 78;
    const int EntryCountBytes = 8;
    const int ArraysOffset = 22;
    const int FirstParameterSet = 32;
    const int LastParameterSet = 34;

    /// <exception cref="MediaException">HEVC is called something else, or its parameter sets are not all in the sample entry.</exception>
    public static void Apply(Span<byte> moov, int moovHeaderBytes)
    {
        var tracks = new BoxCursor(moov[moovHeaderBytes..]);
        while (tracks.MoveNext())
        {
            if (tracks.Type == BoxType.Trak)
                Descend(
                    moov.Slice(moovHeaderBytes + tracks.PayloadStart, tracks.Payload.Length),
                    [BoxType.Mdia, BoxType.Minf, BoxType.Stbl, BoxType.Stsd]
                );
        }
    }

    static void Descend(Span<byte> parent, ReadOnlySpan<BoxType> path)
    {
        if (path.IsEmpty)
        {
            RewriteEntries(parent);
            return;
        }

        var children = new BoxCursor(parent);
        while (children.MoveNext())
        {
            if (children.Type == path[0])
                Descend(parent.Slice(children.PayloadStart, children.Payload.Length), path[1..]);
        }
    }

    static void RewriteEntries(Span<byte> stsd)
    {
        if (stsd.Length < EntryCountBytes)
            return;
        var entries = new BoxCursor(stsd[EntryCountBytes..]);
        while (entries.MoveNext())
        {
            if (entries.Type == BoxType.Hvc1 || FindConfiguration(entries.Payload) is not { IsHevc: true } found)
                continue;
            if (entries.Type != BoxType.Hev1 || !found.IsComplete)
                throw new MediaException($"The MP4's HEVC is called {entries.Type} and cannot be called hvc1 as it is.");
            "hvc1"u8.CopyTo(stsd[(EntryCountBytes + entries.Start + 4)..]);
        }
    }

    static (bool IsHevc, bool IsComplete) FindConfiguration(ReadOnlySpan<byte> entry)
    {
        if (entry.Length < VideoFieldsBytes)
            return default;
        var children = new BoxCursor(entry[VideoFieldsBytes..]);
        // Sound has other fields before its boxes, which need not look like boxes from here.
        try
        {
            while (children.MoveNext())
            {
                if (children.Type == BoxType.HvcC)
                    return (true, HasParameterSets(children.Payload));
            }
        }
        catch (MediaException)
        {
            return default;
        }

        return default;
    }

    static bool HasParameterSets(ReadOnlySpan<byte> configuration)
    {
        var fields = new BoxFields(BoxType.HvcC, configuration);
        fields.Skip(ArraysOffset);
        var found = 0;
        for (var arrays = fields.UInt8(); arrays > 0; arrays--)
        {
            var kind = fields.UInt8() & 63;
            for (var units = fields.UInt16(); units > 0; units--)
            {
                fields.Skip(fields.UInt16());
                if (kind is >= FirstParameterSet and <= LastParameterSet)
                    found |= 1 << (kind - FirstParameterSet);
            }
        }

        return found == 7;
    }
}
