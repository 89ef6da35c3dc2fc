using Microsoft.Extensions.Logging.Abstractions;
using TgVault.Core.Library;
using TgVault.Core.Rows;
using TgVault.Core.Tests.Rows.Sqlite;
using TgVault.Core.Videos;

namespace TgVault.Core.Tests.Library;

public sealed class SqliteLibraryTests : StoredLibraryContract, IDisposable
{
    readonly SqliteFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override async Task<ILibrary> NewCatalogue()
    {
        var library = new TableLibrary(NewStore(), TimeProvider.System, NullLogger<TableLibrary>.Instance);
        await library.PrepareAsync(None);
        return library;
    }

    private protected override IRowStore NewStore() => _folder.Open();

    [Fact(Timeout = 60_000)]
    public async Task Words_and_rows_are_written_together_or_not_at_all()
    {
        var store = _folder.Open();
        var library = new TableLibrary(store, TimeProvider.System, NullLogger<TableLibrary>.Instance);
        await library.PrepareAsync(None);
        await library.TryAddAsync(NewVideo(0) with { Details = new VideoDetails { Name = "before" } }, None);
        var read = (await library.FindAsync(NewVideo(0).Id, None))!;
        await store.WriteAsync(
            (session, _) =>
            {
                session.Execute("DROP TABLE search_videos");
                return true;
            },
            None
        );

        await Assert.ThrowsAsync<StorageException>(() =>
            library.TryReplaceAsync(read with { Details = read.Details with { Name = "after" } }, None)
        );

        Assert.Equal("before", (await library.FindAsync(read.Id, None))!.Details.Name);
    }
}
