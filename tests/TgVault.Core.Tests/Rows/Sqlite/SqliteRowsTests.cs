using TgVault.Core.Rows;

namespace TgVault.Core.Tests.Rows.Sqlite;

/// <summary>In a table for short rows.</summary>
public class SqliteRowsTests : RowContract, IDisposable
{
    readonly SqliteFolder _folder = new();

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool isDisposing)
    {
        if (isDisposing)
            _folder.Dispose();
    }

    private protected override IRowStore NewStore() => _folder.Open();
}

/// <summary>In a table for long rows, which is made in another way.</summary>
public sealed class SqliteLongRowsTests : SqliteRowsTests
{
    private protected override string TableName => VaultTables.Videos;
}
