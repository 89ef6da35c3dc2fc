using System.Globalization;

namespace TgVault.Core;

/// <summary>
/// A chunk's number within an attempt: what it is sealed, recorded and found under. Each file of an attempt has a run of numbers of its own, so numbers
/// of two files never meet. Not its index, which counts from 0 in its file's plan, nor its ordinal, which counts over the plans of several files.
/// </summary>
public readonly record struct ChunkNumber(int Value) : IComparable<ChunkNumber>
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
