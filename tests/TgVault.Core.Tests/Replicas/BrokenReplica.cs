using TgVault.Core.Replicas;

namespace TgVault.Core.Tests.Replicas;

/// <summary>A folder whose writes fail, or are watched, as a test says.</summary>
sealed class BrokenReplica(string folder) : IReplica
{
    readonly FolderReplica _inner = new(folder);

    /// <summary>Runs before a document is written; may throw.</summary>
    public Action<string> BeforeWrite { get; set; } = _ => { };

    public List<string> Written { get; } = [];

    public string Place => _inner.Place;

    public ReplicaKind Kind => _inner.Kind;

    public Task<string?> ReadMarkerAsync(CancellationToken cancellationToken) => _inner.ReadMarkerAsync(cancellationToken);

    public Task BeginAsync(string marker, CancellationToken cancellationToken) => _inner.BeginAsync(marker, cancellationToken);

    public Task<bool> IsEmptyAsync(CancellationToken cancellationToken) => _inner.IsEmptyAsync(cancellationToken);

    public Task<long?> FindLengthAsync(string name, CancellationToken cancellationToken) => _inner.FindLengthAsync(name, cancellationToken);

    public Task<bool> TryReadAsync(string name, long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
        _inner.TryReadAsync(name, offset, destination, cancellationToken);

    public async Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        BeforeWrite(name);
        await _inner.WriteAsync(name, content, cancellationToken);
        Written.Add(name);
    }

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => _inner.DeleteAsync(name, cancellationToken);

    public Task DeleteBelowAsync(string name, CancellationToken cancellationToken) => _inner.DeleteBelowAsync(name, cancellationToken);

    public IAsyncEnumerable<string> ListBelowAsync(string name, CancellationToken cancellationToken) =>
        _inner.ListBelowAsync(name, cancellationToken);

    public IAsyncEnumerable<string> ListInAsync(string name, CancellationToken cancellationToken) =>
        _inner.ListInAsync(name, cancellationToken);
}
