using System.Buffers;

namespace TgVault.Core.Rows;

/// <summary>
/// What a row may be, in every store: the limits of Table Storage (learn.microsoft.com, "Understanding the Table service data model"), so
/// that a vault can move from one to the other. Keys and names are the vault's own, so a bad one is a mistake in the code; what a row holds
/// may come from people, so a large one is told in words.
/// </summary>
static class RowLimits
{
    /// <summary>Characters of a partition or key.</summary>
    public const int MostKeyCharacters = 512;

    /// <summary>Bytes of one value; a text counts two for each character.</summary>
    public const int MostValueBytes = 64 << 10;

    /// <summary>Bytes of a row with its keys and names, and of a batch. An array counts with a third on top.</summary>
    public const int MostRowBytes = 1 << 20;

    /// <summary>Changes in a batch.</summary>
    public const int MostChanges = 100;

    /// <summary>Rows in a page.</summary>
    public const int MostPageRows = 1000;

    /// <summary>Values in a row: 255, of which three are its keys and the time of its last change.</summary>
    public const int MostValues = 252;

    const int MostNameCharacters = 255;

    /// <summary>The earliest time that Table Storage keeps.</summary>
    static readonly DateTimeOffset FirstTime = new(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);

    static readonly SearchValues<char> KeyCharacters = SearchValues.Create([
        .. Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c).Except(@"/\#?%"),
    ]);

    static readonly SearchValues<char> NameCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"
    );

    /// <exception cref="ArgumentException">It is no name of a table: 3 to 40 lower-case letters.</exception>
    public static void CheckTable(string name)
    {
        if (name.Length is < 3 or > 40 || !name.All(char.IsAsciiLetterLower))
            throw new ArgumentException($"{name} is no name of a table.", nameof(name));
    }

    /// <exception cref="ArgumentException">One of them is not 1 to 512 characters that a key may have.</exception>
    public static void CheckPlace(string partition, string key)
    {
        CheckKey(partition, nameof(partition));
        CheckKey(key, nameof(key));
    }

    /// <exception cref="ArgumentOutOfRangeException">It is not 1 to 1,000.</exception>
    public static void CheckPage(int pageRows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pageRows, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pageRows, MostPageRows);
    }

    /// <exception cref="ArgumentException">The row has a key, name or time that no row may have, or too many values.</exception>
    /// <exception cref="VaultException">The row is too large.</exception>
    public static void Check(Row row) => Measure(row);

    /// <exception cref="ArgumentException">
    /// They are not 1 to 100 changes of one partition, each of another key, or one has a row or a version that it may not have.
    /// </exception>
    /// <exception cref="VaultException">A row is too large, or all of them together.</exception>
    public static void Check(IReadOnlyList<RowChange> changes)
    {
        if (changes.Count is < 1 or > MostChanges)
            throw new ArgumentException($"A batch has 1 to {MostChanges} changes, not {changes.Count}.", nameof(changes));
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var bytes = 0L;
        foreach (var (kind, row, version) in changes)
        {
            if (row.Partition != changes[0].Row.Partition || !keys.Add(row.Key))
                throw new ArgumentException("A batch changes rows of one partition, each once.", nameof(changes));
            if (kind == RowChangeKind.Replace ? version is null : kind != RowChangeKind.Delete && version is not null)
                throw new ArgumentException("A version is given for what replaces or removes.", nameof(changes));
            if (kind == RowChangeKind.Delete)
                CheckPlace(row.Partition, row.Key);
            else
                bytes += Measure(row);
        }

        if (bytes > MostRowBytes)
            throw new VaultException($"Rows that are written together have {bytes} bytes: at most {MostRowBytes} go at once.");
    }

    static long Measure(Row row)
    {
        CheckPlace(row.Partition, row.Key);
        if (row.Values.Count > MostValues)
            throw new ArgumentException($"A row has at most {MostValues} values, not {row.Values.Count}.", nameof(row));
        var bytes = 4 + (2L * (row.Partition.Length + row.Key.Length));
        foreach (var (name, value) in row.Values)
        {
            CheckName(name);
            var valueBytes = Measure(value);
            if (valueBytes > MostValueBytes)
                throw new VaultException(
                    $"{name} of row {row.Partition} {row.Key} has {valueBytes} bytes: a value has at most {MostValueBytes}."
                );
            // Bytes travel as base64, and the emulator counts them so.
            bytes += 8 + (2L * name.Length) + 4 + (value is byte[] ? (valueBytes + 2) / 3 * 4 : valueBytes);
        }

        return bytes <= MostRowBytes
            ? bytes
            : throw new VaultException($"Row {row.Partition} {row.Key} has {bytes} bytes: a row has at most {MostRowBytes}.");
    }

    static long Measure(object value) =>
        value switch
        {
            string text => 2L * text.Length,
            byte[] bytes => bytes.Length,
            DateTimeOffset time when time < FirstTime => throw new ArgumentException($"A row holds no time before {FirstTime:O}."),
            _ => 8,
        };

    static void CheckKey(string key, string name)
    {
        if (key.Length is < 1 or > MostKeyCharacters || key.AsSpan().ContainsAnyExcept(KeyCharacters))
            throw new ArgumentException($"A {name} is 1 to {MostKeyCharacters} characters that a key may have.", name);
    }

    static void CheckName(string name)
    {
        // The three that every row of Table Storage has of its own.
        if (
            name.Length is < 1 or > MostNameCharacters
            || char.IsAsciiDigit(name[0])
            || name.AsSpan().ContainsAnyExcept(NameCharacters)
            || name is "PartitionKey" or "RowKey" or "Timestamp"
        )
            throw new ArgumentException($"{name} is no name of a value.", nameof(name));
    }
}
