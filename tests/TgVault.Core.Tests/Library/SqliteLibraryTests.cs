using Microsoft.Extensions.Logging.Abstractions;
using TgVault.Core.Library;
using TgVault.Core.Rows;
using TgVault.Core.Rows.Sqlite;
using TgVault.Core.Tests.Rows.Sqlite;
using TgVault.Core.Videos;

namespace TgVault.Core.Tests.Library;

public sealed class SqliteLibraryTests : RowLibraryContract, IDisposable
{
    readonly SqliteFolder _folder = new();
    readonly SqliteFolder _copy = new();

    public void Dispose()
    {
        _folder.Dispose();
        _copy.Dispose();
    }

    private protected override IRowStore NewStore(TimeProvider time) => _folder.Open(time);

    private protected override bool ListsWords => false;

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
            if (name is VaultTables.Videos or VaultTables.Listing)
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

    [Fact(Timeout = 60_000)]
    public async Task A_copy_of_the_database_is_whole_and_finds_the_same()
    {
        var store = _folder.Open();
        var library = new TableLibrary(store, TimeProvider.System, NullLogger<TableLibrary>.Instance);
        await library.PrepareAsync(None);
        for (var i = 0; i < 20; i++)
            await library.TryAddAsync(NewVideo(i) with { Details = new VideoDetails { Name = $"film {i}" } }, None);
        for (var i = 0; i < 20; i += 2)
            await library.RemoveAsync(NewVideo(i).Id, None);
        var found = await List(library, search: "film");
        Assert.Equal(10, found.Length);

        using (var whole = SqliteFile.OpenToCopy(_folder.Database))
        {
            Assert.Null(SqliteFile.FindDamage(whole, isThorough: true));
            whole.Execute("VACUUM INTO $1", _copy.Database);
        }

        using (var copied = SqliteFile.OpenToCopy(_copy.Database))
            Assert.Null(SqliteFile.FindDamage(copied, isThorough: true));

        var copy = new TableLibrary(_copy.Open(), TimeProvider.System, NullLogger<TableLibrary>.Instance);
        await copy.PrepareAsync(None);
        Assert.Equal(found, await List(copy, search: "film"));
    }
}
