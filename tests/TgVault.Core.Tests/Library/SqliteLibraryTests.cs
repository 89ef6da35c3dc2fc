using TgVault.Core.Rows;
using TgVault.Core.Tests.Rows.Sqlite;

namespace TgVault.Core.Tests.Library;

public sealed class SqliteLibraryTests : RowLibraryContract, IDisposable
{
    readonly SqliteFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private protected override IRowStore NewStore(TimeProvider time) => _folder.Open(time);
}
