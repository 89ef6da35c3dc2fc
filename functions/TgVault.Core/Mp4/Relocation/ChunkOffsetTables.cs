using System.Buffers.Binary;
using System.Collections.Immutable;
using TgVault.Core.Mp4.Boxes;
using TgVault.Core.Mp4.Movie;

namespace TgVault.Core.Mp4.Relocation;

/// <summary>
/// Finds what says where media lies: the chunk offsets of every track. Refuses what would break when media moves: data in other files,
/// a compressed index, and offsets in places that are not rewritten.
/// </summary>
static class ChunkOffsetTables
{
    const int MaxTracks = MovieBox.MaxTracks;

    /// <summary>The tables in the order they lie in moov.</summary>
    public static ImmutableArray<ChunkOffsetTable> Find(ReadOnlySpan<byte> moov, int moovHeaderBytes)
    {
        var found = ImmutableArray.CreateBuilder<ChunkOffsetTable>();
        var tracks = 0;
        var children = new BoxCursor(moov[moovHeaderBytes..]);
        while (children.MoveNext())
        {
            if (children.Type == BoxType.Cmov)
                throw new MediaException("The MP4's index is compressed (cmov), which is not supported.");
            if (children.Type != BoxType.Trak)
                continue;
            if (++tracks > MaxTracks)
                throw Damage.Of($"it has more than {MaxTracks} tracks");
            var start = moovHeaderBytes + children.Start;
            Descend(children.Payload, moovHeaderBytes + children.PayloadStart, [0, start], [BoxType.Mdia, BoxType.Minf], found);
        }

        return tracks > 0 ? found.ToImmutable() : throw new MediaException("The MP4 has no tracks.");
    }

    // The path down is fixed, so the depth is too. The boxes around are kept on the stack: there may be many that lead nowhere.
    static void Descend(
        ReadOnlySpan<byte> parent,
        int origin,
        ReadOnlySpan<int> around,
        ReadOnlySpan<BoxType> path,
        ImmutableArray<ChunkOffsetTable>.Builder found
    )
    {
        Span<int> enclosing = stackalloc int[around.Length + 1];
        around.CopyTo(enclosing);
        var children = new BoxCursor(parent);
        while (children.MoveNext())
        {
            enclosing[^1] = origin + children.Start;
            var payload = origin + children.PayloadStart;
            if (path.Length > 0)
            {
                if (children.Type == path[0])
                    Descend(children.Payload, payload, enclosing, path[1..], found);
            }
            else if (children.Type == BoxType.Dinf)
                CheckReferences(children.Payload);
            else if (children.Type == BoxType.Stbl)
                FindTables(children.Payload, payload, enclosing, found);
        }
    }

    static void FindTables(ReadOnlySpan<byte> stbl, int origin, ReadOnlySpan<int> enclosing, ImmutableArray<ChunkOffsetTable>.Builder found)
    {
        var children = new BoxCursor(stbl);
        while (children.MoveNext())
        {
            if (children.Type == BoxType.Saio)
                throw new MediaException("The MP4 is encrypted or carries auxiliary data per sample (saio), which is not supported.");
            if (children.Type != BoxType.Stco && children.Type != BoxType.Co64)
                continue;
            if (found.Count == MaxTracks)
                throw Damage.Of($"it has more than {MaxTracks} tables of chunk offsets");
            found.Add(ChunkOffsetTable.Read(children, origin, enclosing.ToArray()));
        }
    }

    // ISO 14496-12 §8.7.2: flag 1 means "in this file". Some writers leave the flag out but name no file either.
    static void CheckReferences(ReadOnlySpan<byte> dinf)
    {
        const int countBytes = 8;
        var children = new BoxCursor(dinf);
        while (children.MoveNext())
        {
            if (children.Type != BoxType.Dref || children.Payload.Length < countBytes)
                continue;
            var entries = new BoxCursor(children.Payload[countBytes..]);
            while (entries.MoveNext())
            {
                if (entries.Payload.Length < 4)
                    throw Damage.In(entries.Type, "is cut short");
                var elsewhere = (BinaryPrimitives.ReadUInt32BigEndian(entries.Payload) & 1) == 0;
                var unnamed = entries.Type == BoxType.Url && entries.Payload[4..].Trim((byte)0).IsEmpty;
                if (elsewhere && !unnamed)
                    throw new MediaException("The MP4's media lies in another file, which was not uploaded.");
            }
        }
    }
}
