using Microsoft.Extensions.Logging.Abstractions;
using TgVault.Core.Library;
using TgVault.Core.Tests.Rows.Sqlite;

namespace TgVault.Core.Tests.Library;

public sealed class SqliteLibraryTests : LibraryContract, IDisposable
{
    readonly SqliteFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override async Task<ILibrary> NewCatalogue()
    {
        var library = new TableLibrary(_folder.Open(), TimeProvider.System, NullLogger<TableLibrary>.Instance);
        await library.PrepareAsync(None);
        return library;
    }
}
