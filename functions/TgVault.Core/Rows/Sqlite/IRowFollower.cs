namespace TgVault.Core.Rows.Sqlite;

/// <summary>
/// Keeps something up to the rows of a table: told of each change within its transaction, so both are durable or neither. Runs on the
/// writer's thread; what it throws undoes the change.
/// </summary>
interface IRowFollower
{
    void Written(SqliteSession session, Row row);

    void Removed(SqliteSession session, string partition, string key);
}
