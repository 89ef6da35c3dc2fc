using TgVault.Core.Caching;
using TgVault.Core.Crypto;
using TgVault.Core.Rows;

namespace TgVault.Core.Links;

/// <summary>
/// Which key the vault signs its own links with: first the one that has no digits, then, each time it is replaced, one with digits of its
/// own, like a link key's. Replacing it ends every link that it signed before. What was read is good for <see cref="Remembered"/>, so
/// that a replacement is known everywhere by then. For any number of threads.
/// </summary>
public sealed class OwnLinkKey : IDisposable
{
    /// <summary>How long another instance may go on accepting links of a key that was replaced.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromSeconds(30);

    const string Partition = "ownlinks";
    const string Key = "key";
    const string Id = "Id";

    readonly KeyRing _keys;
    readonly IRowTable _rows;
    readonly SharedCache<string, Found> _found;

    Found _last = new(null);

    /// <param name="keys">What it is made from.</param>
    /// <param name="rows"><see cref="VaultTables.Vault"/>; it must exist.</param>
    /// <param name="time">Says how old an answer is.</param>
    internal OwnLinkKey(KeyRing keys, IRowTable rows, TimeProvider time)
    {
        _keys = keys;
        _rows = rows;
        _found = new SharedCache<string, Found>(1000, _ => 100) { Lifetime = Remembered, Time = time };
    }

    /// <summary>What signs from now on, as it was read last; one of a former version of the vault key signs nothing new.</summary>
    internal LinkKeyId Signing =>
        Volatile.Read(ref _last).Id is { } id && id.Version == _keys.Current.Version ? id : LinkKeyId.OwnOf(_keys.Current.Version);

    /// <summary>Reads it again where what is known is too old: before a link is checked or made.</summary>
    public async ValueTask RefreshAsync(CancellationToken cancellationToken) =>
        Volatile.Write(ref _last, await _found.GetAsync(Key, LookAsync, cancellationToken));

    /// <summary>Reads it now: before a link is made that somebody keeps.</summary>
    public ValueTask RefreshNowAsync(CancellationToken cancellationToken)
    {
        _found.RemoveWhere((_, _) => true);
        return RefreshAsync(cancellationToken);
    }

    /// <summary>Whether it is this key that signed, and not one that it replaced; false also of link keys, which are others.</summary>
    internal bool Is(LinkKeyId signer)
    {
        var own = Volatile.Read(ref _last).Id;
        return signer.Digits is null ? own is null || own.Value.Version < signer.Version : signer == own;
    }

    /// <summary>Whether the key that signed a link is good: this one, or a link key that was not revoked.</summary>
    /// <param name="link">A link with a true signature.</param>
    /// <param name="linkKeys">The link keys.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public async ValueTask<bool> IsGoodAsync(VideoLink link, LinkKeyRing linkKeys, CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        return Is(link.Signer) || (link.LinkKey is { } key && await linkKeys.UseAsync(key, cancellationToken));
    }

    /// <summary>Replaces it: here at once, elsewhere within <see cref="Remembered"/> no link is good that it signed before.</summary>
    public async Task ReplaceAsync(CancellationToken cancellationToken)
    {
        var row = new Row(Partition, Key) { [Id] = LinkKeyId.New(_keys.Current.Version).ToString() };
        await _rows.PutAsync(row, cancellationToken);
        await RefreshNowAsync(cancellationToken);
    }

    public void Dispose() => _found.Dispose();

    async Task<Found> LookAsync(CancellationToken cancellationToken) =>
        new(await _rows.FindAsync(Partition, Key, null, cancellationToken) is { } row ? LinkKeyId.TryParse(row.Text(Id)) : null);

    /// <summary>What a look gave; no id where it was never replaced.</summary>
    sealed record Found(LinkKeyId? Id);
}
