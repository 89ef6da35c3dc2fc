namespace TgVault.Core.Rows;

/// <summary>Which rows to list: a run of them in the order of partition and key. Keys compare by their ASCII codes.</summary>
sealed record RowRange
{
    RowRange() { }

    /// <summary>The table's rows, all of them.</summary>
    public static RowRange All { get; } = new();

    /// <summary>The first partition that belongs to it; null for the table's first.</summary>
    public string? FirstPartition { get; private init; }

    /// <summary>The first partition that does not belong to it any more; null for no end.</summary>
    public string? EndPartition { get; private init; }

    /// <summary>Where set, it is within this one partition.</summary>
    public string? OnlyPartition { get; private init; }

    /// <summary>Within <see cref="OnlyPartition"/>: keys from this one on; null for the first.</summary>
    public string? FirstKey { get; private init; }

    /// <summary>Within <see cref="OnlyPartition"/>: only keys behind this one.</summary>
    public string? AfterKey { get; private init; }

    /// <summary>Within <see cref="OnlyPartition"/>: the first key that does not belong to it any more; null for no end.</summary>
    public string? EndKey { get; private init; }

    public static RowRange Of(string partition) => new() { OnlyPartition = partition };

    /// <summary>Keys of one partition from <paramref name="first"/> on, before <paramref name="end"/>.</summary>
    public static RowRange Keys(string partition, string first, string end) =>
        new()
        {
            OnlyPartition = partition,
            FirstKey = first,
            EndKey = end,
        };

    /// <summary>Keys of one partition behind <paramref name="key"/>, before <paramref name="end"/> where that is given.</summary>
    public static RowRange After(string partition, string key, string? end = null) =>
        new()
        {
            OnlyPartition = partition,
            AfterKey = key,
            EndKey = end,
        };

    /// <summary>All rows of the partitions from <paramref name="first"/> on, before <paramref name="end"/>.</summary>
    public static RowRange Partitions(string first, string end) => new() { FirstPartition = first, EndPartition = end };
}
