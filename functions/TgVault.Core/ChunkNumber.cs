using System.Globalization;

namespace TgVault.Core;

/// <summary>
/// A chunk's number within an attempt: it is sealed, recorded and found under this number. Each file of an attempt has its own run of
/// numbers, so no two files share one. A chunk's index is another thing: it counts from 0 in the plan of one file. So is its ordinal,
/// which counts over the plans of several files.
/// </summary>
readonly record struct ChunkNumber(int Value) : IComparable<ChunkNumber>
{
    /// <summary>How many numbers a file has: the most chunks that a plan may hold.</summary>
    public const int PerFile = 100_000;

    /// <param name="file">The file's number: 0 for the prepared file, from 1 for companions.</param>
    /// <param name="index">The chunk's index in the file's plan.</param>
    public static ChunkNumber Of(int file, int index) => new((file * PerFile) + index);

    public int CompareTo(ChunkNumber other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    public static bool operator <(ChunkNumber left, ChunkNumber right) => left.Value < right.Value;

    public static bool operator >(ChunkNumber left, ChunkNumber right) => left.Value > right.Value;

    public static bool operator <=(ChunkNumber left, ChunkNumber right) => left.Value <= right.Value;

    public static bool operator >=(ChunkNumber left, ChunkNumber right) => left.Value >= right.Value;
}
