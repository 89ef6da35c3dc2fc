namespace TgVault.Core.Rows;

/// <summary>
/// A row of a table: a place (partition and key) and named values. Values are <see cref="string"/>, <see cref="int"/>,
/// <see cref="long"/>, <see cref="bool"/>, <see cref="DateTimeOffset"/> (kept as UTC) or an array of bytes; null is as good as absent.
/// </summary>
/// <param name="partition">1 to 512 printable ASCII characters without space and without / \ # ? %.</param>
/// <param name="key">As the partition.</param>
sealed class Row(string partition, string key)
{
    readonly Dictionary<string, object> _values = new(StringComparer.Ordinal);

    public string Partition { get; } = partition;

    public string Key { get; } = key;

    /// <summary>What names this state of the row; every write makes another. Empty in a row that was not read.</summary>
    public string Version { get; init; } = "";

    /// <summary>When it was last written; the default in a row that was not read.</summary>
    public DateTimeOffset Modified { get; init; }

    public IReadOnlyDictionary<string, object> Values => _values;

    public object? this[string name]
    {
        get => _values.GetValueOrDefault(name);
        set
        {
            if (value is null)
                _values.Remove(name);
            else
                _values[name] = value is string or int or long or bool or DateTimeOffset or byte[]
                    ? value
                    : throw new ArgumentException($"A row holds no {value.GetType().Name}.", nameof(value));
        }
    }

    /// <summary>The text of this name; null where there is none, or something else.</summary>
    public string? Text(string name) => this[name] as string;

    public int? Int32(string name) => this[name] as int?;

    public long? Int64(string name) => this[name] as long?;

    public bool? Boolean(string name) => this[name] as bool?;

    public DateTimeOffset? Time(string name) => this[name] as DateTimeOffset?;

    public byte[]? Bytes(string name) => this[name] as byte[];
}
