using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using TgVault.Core.Rows;

namespace TgVault.Core.TakeOver;

/// <summary>The rows that the emulator of the version before has on disk: each document of a table's collection is one.</summary>
/// <param name="folder">The emulator's folder.</param>
/// <param name="prefix">What goes before the names of the vault's tables.</param>
sealed class EmulatorTables(string folder, string prefix)
{
    const string TypeSuffix = "@odata.type";

    readonly string _path = Path.Combine(folder, FileName);

    public const string FileName = "__azurite_db_table__.json";

    /// <summary>Every row of these tables with its table's name, in no order.</summary>
    /// <exception cref="TakeOverException">The file is damaged, or holds what no vault wrote.</exception>
    public async IAsyncEnumerable<(string Table, Row Row)> ReadAsync(
        IReadOnlyCollection<string> tables,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var wanted = tables.ToDictionary(table => $"{EmulatorFolder.Account}${prefix}{table}", StringComparer.Ordinal);
        await foreach (var document in LokiFile.ReadAsync(_path, cancellationToken))
        {
            using (document)
            {
                if (wanted.TryGetValue(document.Collection, out var table))
                    yield return (table, Read(document.Root));
            }
        }
    }

    Row Read(JsonElement document)
    {
        try
        {
            var row = new Row(document.GetProperty("PartitionKey").GetString()!, document.GetProperty("RowKey").GetString()!);
            var properties = document.GetProperty("properties");
            foreach (var property in properties.EnumerateObject())
            {
                var name = property.Name;
                // The keys and the time of the last change are every row's; names with a dot say of what type a value is.
                if (name is "PartitionKey" or "RowKey" or "Timestamp" || name.Contains('.', StringComparison.Ordinal))
                    continue;
                var type = properties.TryGetProperty(name + TypeSuffix, out var named) ? named.GetString() : null;
                row[name] = Read(property.Value, type);
            }

            return row;
        }
        catch (Exception exception)
            when (exception is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw TakeOverException.Unreadable(_path, "a row in it is none that a vault wrote", exception);
        }
    }

    // OData's JSON: what JSON cannot say is a text, and says so beside it.
    static object? Read(JsonElement value, string? type) =>
        (type, value.ValueKind) switch
        {
            (_, JsonValueKind.Null) => null,
            ("Edm.Binary", _) => value.GetBytesFromBase64(),
            ("Edm.Int64", JsonValueKind.String) => long.Parse(value.GetString()!, CultureInfo.InvariantCulture),
            ("Edm.Int64", _) => value.GetInt64(),
            ("Edm.DateTime", _) => DateTimeOffset.Parse(
                value.GetString()!,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal
            ),
            (null or "Edm.String", JsonValueKind.String) => value.GetString(),
            (null or "Edm.Int32", JsonValueKind.Number) => value.GetInt32(),
            (null or "Edm.Boolean", JsonValueKind.True or JsonValueKind.False) => value.GetBoolean(),
            _ => throw new FormatException($"No row holds a {type ?? value.ValueKind.ToString()}."),
        };
}
