using Azure;
using Azure.Data.Tables;

namespace TgVault.Core.Rows;

/// <summary>A row as an entity of Table Storage: every value is a property of its name and type.</summary>
static class TableRowEntity
{
    public static TableEntity Write(Row row)
    {
        var entity = new TableEntity(row.Partition, row.Key);
        foreach (var (name, value) in row.Values)
            entity[name] = value;
        return entity;
    }

    public static TableTransactionAction Write(RowChange change) =>
        change.Kind switch
        {
            RowChangeKind.Insert => new(TableTransactionActionType.Add, Write(change.Row)),
            RowChangeKind.Put => new(TableTransactionActionType.UpsertReplace, Write(change.Row)),
            RowChangeKind.Replace => new(TableTransactionActionType.UpdateReplace, Write(change.Row), new ETag(change.Version!)),
            _ => new(TableTransactionActionType.Delete, Write(change.Row), change.Version is { } version ? new ETag(version) : ETag.All),
        };

    public static Row Read(TableEntity entity)
    {
        var row = new Row(entity.PartitionKey, entity.RowKey) { Version = entity.ETag.ToString(), Modified = entity.Timestamp ?? default };
        foreach (var (name, value) in entity)
        {
            // Besides the values: odata.etag and the like, the keys, and the time of the last change.
            if (name.Contains('.', StringComparison.Ordinal) || name is "PartitionKey" or "RowKey" or "Timestamp")
                continue;
            if (value is string or int or long or bool or DateTimeOffset or byte[])
                row[name] = value;
        }

        return row;
    }
}
