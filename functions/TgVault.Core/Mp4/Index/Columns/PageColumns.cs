namespace TgVault.Core.Mp4.Index.Columns;

/// <summary>
/// What a page holds before it is packed: two columns in file order, then four in which one track's samples follow another's.
/// </summary>
readonly ref struct PageColumns
{
    /// <summary>Of all columns, per sample.</summary>
    public const int RowBytes = 22;

    public readonly ByteColumn Tracks;

    /// <summary>The bytes between a sample and the one before it; below 0 where they overlap.</summary>
    public readonly ByteColumn Gaps;

    public readonly ByteColumn Durations;
    public readonly ByteColumn Compositions;
    public readonly ByteColumn Syncs;
    public readonly ByteColumn Sizes;

    public PageColumns(Span<byte> bytes)
    {
        var rows = bytes.Length / RowBytes;
        Tracks = new ByteColumn(ref bytes, rows, 1);
        Gaps = new ByteColumn(ref bytes, rows, 8);
        Durations = new ByteColumn(ref bytes, rows, 4);
        Compositions = new ByteColumn(ref bytes, rows, 4);
        Syncs = new ByteColumn(ref bytes, rows, 1);
        Sizes = new ByteColumn(ref bytes, rows, 4);
    }
}
