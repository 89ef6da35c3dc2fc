using Microsoft.Extensions.Logging.Abstractions;
using TgVault.Core.Engine;
using TgVault.Testing;

namespace TgVault.Core.Tests.Engine;

public sealed class LibraryIndexerTests : IDisposable
{
    readonly Signal _changes = new();
    readonly WatchedTime _time;
    readonly HookedLibrary _library;
    readonly LibraryIndexer _indexer;

    public LibraryIndexerTests()
    {
        _time = new WatchedTime(_changes);
        _library = new HookedLibrary(_changes);
        _indexer = new LibraryIndexer(_library, _time, NullLogger<LibraryIndexer>.Instance);
    }

    public void Dispose() => _indexer.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task It_goes_on_until_all_is_indexed_also_after_a_failure()
    {
        var calls = 0;
        _library.Index = _ =>
            ++calls switch
            {
                2 => throw new VaultException("The disk is away."),
                var call => Task.FromResult(call == 4),
            };

        await _indexer.StartAsync(CancellationToken.None);
        await _changes.UntilAsync(() => _time.WaitsOf(LibraryIndexer.Again) == 1);
        Assert.Equal(2, calls);
        _time.Advance(LibraryIndexer.Again);
        await _indexer.ExecuteTask!;

        Assert.Equal(4, calls);
    }

    [Fact(Timeout = 60_000)]
    public async Task It_ends_with_the_vault()
    {
        _library.Index = async cancellation =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            return false;
        };

        await _indexer.StartAsync(CancellationToken.None);
        await _indexer.StopAsync(CancellationToken.None);

        Assert.True(_indexer.ExecuteTask!.IsCompleted);
    }
}
