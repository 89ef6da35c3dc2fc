using System.Security.Cryptography;
using TgVault.Core.Caching;
using TgVault.Core.Crypto;
using TgVault.Core.Rows;

namespace TgVault.Core.Links;

/// <summary>
/// The link keys of a vault. They are made from the vault key, so nothing secret of them is kept: a row says that one is good, and
/// without it none is. What was found is remembered for <see cref="Remembered"/>, so a key that is revoked ends everywhere by then. For
/// any number of threads.
/// </summary>
public sealed class LinkKeyRing : IDisposable
{
    /// <summary>How many keys there may be.</summary>
    public const int Most = 100;

    /// <summary>How long another instance may go on accepting a key that was revoked.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromSeconds(30);

    const string Partition = "linkkeys";

    // Of the last use only that: a row for each request would cost more than the request.
    static readonly TimeSpan UseInterval = TimeSpan.FromMinutes(5);

    readonly KeyRing _keys;
    readonly IRowTable _rows;
    readonly TimeProvider _time;
    readonly SharedCache<string, Found> _found;

    /// <param name="keys">What link keys are made from.</param>
    /// <param name="rows"><see cref="VaultTables.Vault"/>; it must exist.</param>
    /// <param name="time">Says when a key was made and used.</param>
    internal LinkKeyRing(KeyRing keys, IRowTable rows, TimeProvider time)
    {
        _keys = keys;
        _rows = rows;
        _time = time;
        // Some 5,000 entries. Only ids are asked for whose key signed something, and those are few.
        _found = new SharedCache<string, Found>(1 << 20, _ => 200) { Lifetime = Remembered, Time = time };
    }

    /// <summary>Makes a key.</summary>
    /// <param name="name">1 to 64 characters of one line.</param>
    /// <exception cref="VaultException">There are as many as there may be.</exception>
    public async Task<MadeLinkKey> MakeAsync(string name, CancellationToken cancellationToken)
    {
        if ((await ListAsync(cancellationToken)).Count >= Most)
            throw new VaultException($"There are {Most} link keys, and no more may be made: revoke some that nobody uses.");
        var id = LinkKeyId.New(_keys.Current.Version);
        var key = new LinkKey(id.ToString(), name, _time.GetUtcNow(), null);
        if (await _rows.TryInsertAsync(Write(key), cancellationToken) is null)
            throw new VaultException("Two link keys were given one id, which chance all but excludes: make another.");
        _found.RemoveWhere((known, _) => known == key.Id);
        var secret = id.Derive(_keys.Current);
        try
        {
            return new MadeLinkKey(key, Convert.ToHexStringLower(secret));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>All keys, the oldest first.</summary>
    public async Task<IReadOnlyList<LinkKey>> ListAsync(CancellationToken cancellationToken)
    {
        var keys = new List<LinkKey>();
        await foreach (var row in _rows.ListAsync(RowRange.Of(Partition), RowLimits.MostPageRows, null, cancellationToken))
            keys.Add(Read(row));
        return [.. keys.OrderBy(key => key.Created)];
    }

    /// <summary>
    /// Ends a key and every link that it signed: here at once, elsewhere within <see cref="Remembered"/>. False where there is none of
    /// this id.
    /// </summary>
    public async Task<bool> RevokeAsync(string id, CancellationToken cancellationToken)
    {
        if (LinkKeyId.TryParse(id) is not { Digits: not null } || await _rows.FindAsync(Partition, id, [], cancellationToken) is null)
            return false;
        await _rows.DeleteAsync(Partition, id, cancellationToken);
        _found.RemoveWhere((known, _) => known == id);
        return true;
    }

    /// <summary>
    /// Revokes all that were made from a former version of the vault key: whoever has the former master secret can make them.
    /// </summary>
    public async Task RevokeFormerAsync(CancellationToken cancellationToken)
    {
        foreach (var key in await ListAsync(cancellationToken))
        {
            if (LinkKeyId.TryParse(key.Id) is not { } id || id.Version < _keys.Current.Version)
                await RevokeAsync(key.Id, cancellationToken);
        }
    }

    /// <summary>Revokes all there are, and returns how many that were. Safe to repeat.</summary>
    public async Task<int> RevokeAllAsync(CancellationToken cancellationToken)
    {
        var revoked = 0;
        foreach (var key in await ListAsync(cancellationToken))
        {
            if (await RevokeAsync(key.Id, cancellationToken))
                revoked++;
        }

        return revoked;
    }

    /// <summary>Whether a key that signed a link was not revoked, and notes its use.</summary>
    /// <param name="id"><see cref="VideoLink.LinkKey"/>.</param>
    public async ValueTask<bool> UseAsync(string id, CancellationToken cancellationToken)
    {
        var found = await _found.GetAsync(id, token => LookAsync(id, token), cancellationToken);
        if (found.Key is null)
            return false;
        await NoteUseAsync(found, cancellationToken);
        return true;
    }

    public void Dispose() => _found.Dispose();

    async Task<Found> LookAsync(string id, CancellationToken cancellationToken) =>
        await _rows.FindAsync(Partition, id, null, cancellationToken) is { } row ? new Found(Read(row), row.Version) : new Found(null, "");

    async Task NoteUseAsync(Found found, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (found.Key!.LastUsed > now - UseInterval || !found.BeginsNoting())
            return;
        try
        {
            // One that was revoked or used elsewhere meanwhile has another version, and stays as it is.
            await _rows.TryReplaceAsync(Write(found.Key with { LastUsed = now }), found.Version, cancellationToken);
        }
#pragma warning disable CA1031 // A film plays, too, where nothing can be written, on a full disk say; the next look at the row tries again.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return;
        }
    }

    static Row Write(LinkKey key) =>
        new(Partition, key.Id)
        {
            ["Name"] = key.Name,
            ["Created"] = key.Created,
            ["LastUsed"] = key.LastUsed,
        };

    static LinkKey Read(Row row) => new(row.Key, row.Text("Name") ?? "", row.Time("Created") ?? row.Modified, row.Time("LastUsed"));

    /// <summary>What a look at the rows gave; no key where there is none of this id.</summary>
    sealed class Found(LinkKey? key, string version)
    {
        int _noted;

        public LinkKey? Key => key;

        public string Version => version;

        /// <summary>True to the first who asks.</summary>
        public bool BeginsNoting() => Interlocked.Exchange(ref _noted, 1) == 0;
    }
}
