using System.Collections.Concurrent;

namespace TgVault.BotApi;

/// <summary>How often each method was called, and what file GETs cost. File GETs count as the method "file".</summary>
public sealed class Counters
{
    readonly ConcurrentDictionary<string, long> _calls = new(StringComparer.OrdinalIgnoreCase);
    readonly ConcurrentDictionary<int, long> _statuses = new();
    long _fileBytes;
    long _uploadedBytes;

    /// <summary>Calls by method.</summary>
    public IReadOnlyDictionary<string, long> Calls => new Dictionary<string, long>(_calls, StringComparer.OrdinalIgnoreCase);

    /// <summary>Answers by HTTP status.</summary>
    public IReadOnlyDictionary<int, long> Statuses => new Dictionary<int, long>(_statuses);

    /// <summary>Bytes of documents sent by file GETs.</summary>
    public long FileBytes => Interlocked.Read(ref _fileBytes);

    /// <summary>Bytes of documents received.</summary>
    public long UploadedBytes => Interlocked.Read(ref _uploadedBytes);

    /// <summary>Calls of one method.</summary>
    public long Of(string method) => _calls.GetValueOrDefault(method);

    /// <summary>Starts again at zero.</summary>
    public void Reset()
    {
        _calls.Clear();
        _statuses.Clear();
        Interlocked.Exchange(ref _fileBytes, 0);
        Interlocked.Exchange(ref _uploadedBytes, 0);
    }

    internal void Called(string method) => _calls.AddOrUpdate(method, 1, (_, count) => count + 1);

    internal void Answered(int status) => _statuses.AddOrUpdate(status, 1, (_, count) => count + 1);

    internal void Sent(long bytes) => Interlocked.Add(ref _fileBytes, bytes);

    internal void Received(long bytes) => Interlocked.Add(ref _uploadedBytes, bytes);
}
