using System.Collections.Concurrent;

namespace TgVault.BotApi;

/// <summary>How often one document was fetched over the file route, and how many bytes of it were sent.</summary>
public readonly record struct FetchCount(int Gets, long Bytes);

/// <summary>What the stand-in was asked for, so that a test can count fetches.</summary>
public sealed class Counters
{
    readonly ConcurrentDictionary<string, int> _calls = new(StringComparer.OrdinalIgnoreCase);
    readonly ConcurrentDictionary<string, FetchCount> _fetches = new(StringComparer.Ordinal);

    /// <summary>Calls by method, failed ones too.</summary>
    public IReadOnlyDictionary<string, int> Calls => _calls;

    /// <summary>GETs of the file route by the document's path below the data folder.</summary>
    public IReadOnlyDictionary<string, FetchCount> Fetches => _fetches;

    public int FileGets => _fetches.Values.Sum(count => count.Gets);

    public long FileBytes => _fetches.Values.Sum(count => count.Bytes);

    public int this[string method] => _calls.GetValueOrDefault(method);

    public void Clear()
    {
        _calls.Clear();
        _fetches.Clear();
    }

    internal void Count(string method) => _calls.AddOrUpdate(method, 1, (_, count) => count + 1);

    internal void CountFetch(string path) => _fetches.AddOrUpdate(path, new FetchCount(1, 0), (_, count) => count with { Gets = count.Gets + 1 });

    internal void CountBytes(string path, long bytes) => _fetches.AddOrUpdate(path, new FetchCount(0, bytes), (_, count) => count with { Bytes = count.Bytes + bytes });
}
