namespace TgVault.Core.Videos;

/// <summary>
/// Which container a blob is in. Uploads land in <see cref="Uploads"/>. What ingest makes goes to <see cref="Prepared"/>, where no event
/// looks.
/// </summary>
public enum StagingArea
{
    Uploads,
    Prepared,
}

/// <summary>One version of one blob: reads fail once the blob is another (If-Match on <paramref name="ETag"/>).</summary>
public sealed record StagedBlob(StagingArea Area, string Name, string ETag, long LengthBytes, DateTimeOffset Modified);

/// <summary>A piece of a blob; a prepared file is a list of these.</summary>
public sealed record Extent(StagedBlob Blob, long Offset, long LengthBytes)
{
    public static Extent Whole(StagedBlob blob) => new(blob, 0, blob.LengthBytes);
}
