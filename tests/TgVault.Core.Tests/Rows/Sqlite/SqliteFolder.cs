using TgVault.Core.Rows.Sqlite;

namespace TgVault.Core.Tests.Rows.Sqlite;

/// <summary>A folder for a database, removed at the end; what was opened there is closed first.</summary>
sealed class SqliteFolder : IDisposable
{
    readonly List<SqliteRowStore> _opened = [];

    public string Path { get; } = Directory.CreateTempSubdirectory("tgvault-rows-").FullName;

    public string Database => System.IO.Path.Combine(Path, SqliteFile.Name);

    public SqliteRowStore Open(TimeProvider? time = null)
    {
        var store = SqliteRowStore.Open(Path, time ?? TimeProvider.System);
        _opened.Add(store);
        return store;
    }

    public void Dispose()
    {
        foreach (var store in _opened)
            store.Dispose();
        Directory.Delete(Path, recursive: true);
    }
}
