using TgVault.Core.Rows;

namespace TgVault.Core.TakeOver;

/// <summary>Whether two rows are the same but for their versions.</summary>
static class RowComparison
{
    public static bool AreEqual(Row one, Row? other) =>
        other is not null
        && one.Partition == other.Partition
        && one.Key == other.Key
        && one.Values.Count == other.Values.Count
        && one.Values.All(value => other.Values.TryGetValue(value.Key, out var same) && AreEqual(value.Value, same));

    static bool AreEqual(object one, object other) =>
        one is byte[] bytes && other is byte[] others ? bytes.AsSpan().SequenceEqual(others) : one.Equals(other);
}
