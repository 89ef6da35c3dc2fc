using TgVault.Core.Rows;

namespace TgVault.Core.Library.Lists;

/// <summary>
/// One list of videos in the table <c>listing</c>: a partition, or the keys of one that begin so. Lists that share a partition are written
/// together.
/// </summary>
readonly record struct Listing(string Partition, string KeyPrefix = "")
{
    public string KeyOf(VideoId id) => KeyPrefix + id;

    public VideoId IdOf(string key) => VideoId.Parse(key[KeyPrefix.Length..]);

    /// <summary>The entries behind that of <paramref name="after"/>; null for all.</summary>
    public RowRange Behind(VideoId? after) => BehindKey(after is { } id ? KeyOf(id) : null);

    /// <summary>The entries behind this key, which is one of the list; null for all.</summary>
    public RowRange BehindKey(string? after)
    {
        if (KeyPrefix.Length == 0)
            return after is null ? RowRange.Of(Partition) : RowRange.After(Partition, after);
        // ~ comes behind whatever else a key may have.
        var end = KeyPrefix + '~';
        return after is null ? RowRange.Keys(Partition, KeyPrefix, end) : RowRange.After(Partition, after, end);
    }
}
