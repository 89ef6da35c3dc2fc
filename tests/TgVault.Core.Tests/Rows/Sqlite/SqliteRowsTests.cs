using TgVault.Core.Rows;
using TgVault.Core.Rows.Sqlite;

namespace TgVault.Core.Tests.Rows.Sqlite;

public sealed class SqliteRowsTests : RowContract, IDisposable
{
    readonly SqliteFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private protected override IRowStore NewStore() => _folder.Open();
}
