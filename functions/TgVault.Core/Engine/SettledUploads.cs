using TgVault.Core.Ingest;
using TgVault.Core.Videos;

namespace TgVault.Core.Engine;

/// <summary>
/// Uploads that need nothing more in this version. Failed ones stay in staging, and asking their rows every second would cost for nothing.
/// </summary>
sealed class SettledUploads
{
    readonly Dictionary<string, string> _settled = new(StringComparer.Ordinal);
    readonly Lock _lock = new();
    long _retries;

    public bool Contains(StagedBlob blob)
    {
        lock (_lock)
            return _settled.TryGetValue(blob.Name, out var etag) && etag == blob.ETag;
    }

    /// <summary>To be taken before an ingest begins and given to <see cref="Add"/> after it.</summary>
    public long Begin()
    {
        lock (_lock)
            return _retries;
    }

    /// <summary>Settles the upload, unless a retry was asked for since: a run that is just ending must not settle it after that.</summary>
    public void Add(IngestRequest request, long begun)
    {
        lock (_lock)
        {
            if (_retries == begun)
                _settled[request.BlobName] = request.ETag;
        }
    }

    /// <summary>A retry was asked for.</summary>
    public void Reopen(StagedBlob? source)
    {
        lock (_lock)
        {
            _retries++;
            if (source is not null)
                _settled.Remove(source.Name);
        }
    }

    /// <summary>Forgets what is not in staging any more.</summary>
    public void Keep(HashSet<string> names)
    {
        lock (_lock)
        {
            foreach (var name in _settled.Keys.Where(name => !names.Contains(name)).ToList())
                _settled.Remove(name);
        }
    }
}
