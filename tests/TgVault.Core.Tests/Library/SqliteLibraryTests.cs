using Microsoft.Extensions.Logging.Abstractions;
using TgVault.Core.Library;
using TgVault.Core.Rows;
using TgVault.Core.Tests.Rows.Sqlite;
using TgVault.Core.Videos;

namespace TgVault.Core.Tests.Library;

public sealed class SqliteLibraryTests : StoredLibraryContract, IDisposable
{
    readonly SqliteFolder _folder = new();
    readonly SqliteFolder _copy = new();

    public void Dispose()
    {
        _folder.Dispose();
        _copy.Dispose();
    }

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

    [Fact(Timeout = 60_000)]
    public async Task Rows_copied_from_another_database_are_indexed_here()
    {
        var (store, copy) = (_folder.Open(), _copy.Open());
        await Indexed(store);
        foreach (var name in VaultTables.All)
        {
            await copy.Table(name).CreateAsync(None);
            if (name != VaultTables.Vault && name != VaultTables.Chunks)
                await foreach (var row in store.Table(name).ListAsync(RowRange.All, 1000, null, None))
                    await copy.Table(name).PutAsync(row, None);
        }

        Assert.Equal(["word"], await List(await Indexed(copy), search: "wor"));

        static async Task<ILibrary> Indexed(IRowStore rows)
        {
            var library = new TableLibrary(rows, TimeProvider.System, NullLogger<TableLibrary>.Instance);
            await library.PrepareAsync(None);
            await library.TryAddAsync(NewVideo(0) with { Details = new VideoDetails { Name = "word" } }, None);
            Assert.True(await library.IndexAsync(None));
            return library;
        }
    }
}
