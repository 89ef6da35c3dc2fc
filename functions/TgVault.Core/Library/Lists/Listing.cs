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
    public RowRange Behind(VideoId? after)
    {
        if (KeyPrefix.Length == 0)
            return after is { } last ? RowRange.After(Partition, last.ToString()) : RowRange.Of(Partition);
        // ! comes before whatever else a key may have, and ~ behind it.
        return RowRange.Keys(Partition, after is { } id ? KeyOf(id) + '!' : KeyPrefix, KeyPrefix + '~');
    }
}
