using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using TgVault.Core.Caching;
using TgVault.Core.Rows;

namespace TgVault.Core.ApiKeys;

/// <summary>
/// The named API keys of a vault, beside the one of its settings. Of a key only its hash is kept: 32 random bytes need no slow one. What
/// was found is remembered for <see cref="Remembered"/>, so a key that is revoked ends everywhere by then. For any number of threads.
/// </summary>
public sealed class ApiKeyRing : IDisposable
{
    /// <summary>How many keys there may be.</summary>
    public const int Most = 100;

    /// <summary>How long another instance may go on accepting a key that was revoked.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromSeconds(30);

    const string Partition = "apikeys";
    const string Prefix = "tgv";
    const int IdCharacters = 16;
    const int SecretBytes = 32;

    // Of tgv_ID_SECRET.
    static readonly int TextLength = Prefix.Length + 1 + IdCharacters + 1 + Base64Url.GetEncodedLength(SecretBytes);

    // Of the last use only that: a row for each request would cost more than the request.
    static readonly TimeSpan UseInterval = TimeSpan.FromMinutes(5);

    readonly IRowTable _rows;
    readonly TimeProvider _time;
    readonly SharedCache<string, Found> _found;

    /// <param name="rows"><see cref="VaultTables.Vault"/>; it must exist.</param>
    /// <param name="time">Says when a key was made and used.</param>
    internal ApiKeyRing(IRowTable rows, TimeProvider time)
    {
        _rows = rows;
        _time = time;
        // Some 5,000 entries: what is asked for at random costs a row's look each, and no more memory.
        _found = new SharedCache<string, Found>(1 << 20, _ => 200) { Lifetime = Remembered, Time = time };
    }

    /// <summary>Makes a key.</summary>
    /// <param name="name">1 to 64 characters of one line.</param>
    /// <exception cref="VaultException">There are as many as there may be.</exception>
    public async Task<MadeApiKey> MakeAsync(string name, KeyScope scope, CancellationToken cancellationToken)
    {
        if ((await ListAsync(cancellationToken)).Count >= Most)
            throw new VaultException($"There are {Most} API keys, and no more may be made: revoke some that nobody uses.");
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdCharacters / 2));
        var text = $"{Prefix}_{id}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}";
        var key = new ApiKey(id, name, scope, _time.GetUtcNow(), null);
        if (await _rows.TryInsertAsync(Write(key, Hash(text)), cancellationToken) is null)
            throw new VaultException("Two API keys were given one id, which chance all but excludes: make another.");
        return new MadeApiKey(key, text);
    }

    /// <summary>All keys, the oldest first.</summary>
    public async Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellationToken)
    {
        var keys = new List<ApiKey>();
        await foreach (var row in _rows.ListAsync(RowRange.Of(Partition), RowLimits.MostPageRows, null, cancellationToken))
            keys.Add(Read(row));
        return [.. keys.OrderBy(key => key.Created)];
    }

    /// <summary>Ends a key: here at once, elsewhere within <see cref="Remembered"/>. False where there is none of this id.</summary>
    public async Task<bool> RevokeAsync(string id, CancellationToken cancellationToken)
    {
        if (!IsId(id) || await _rows.FindAsync(Partition, id, [], cancellationToken) is null)
            return false;
        await _rows.DeleteAsync(Partition, id, cancellationToken);
        _found.RemoveWhere((known, _) => known == id);
        return true;
    }

    /// <summary>The key whose text this is; null where it is none, or revoked. Never throws on what it is given.</summary>
    public async ValueTask<ApiKey?> FindAsync(string text, CancellationToken cancellationToken)
    {
        if (text.Length != TextLength || !text.StartsWith($"{Prefix}_", StringComparison.Ordinal))
            return null;
        var id = text.Substring(Prefix.Length + 1, IdCharacters);
        if (!IsId(id))
            return null;
        var found = await _found.GetAsync(id, token => LookAsync(id, token), cancellationToken);
        // Hashes have one length, so the comparison tells nothing of the key.
        if (found.Key is not { } key || !CryptographicOperations.FixedTimeEquals(Hash(text), found.Hash))
            return null;
        await NoteUseAsync(found, cancellationToken);
        return key;
    }

    public void Dispose() => _found.Dispose();

    async Task<Found> LookAsync(string id, CancellationToken cancellationToken) =>
        await _rows.FindAsync(Partition, id, null, cancellationToken) is { } row
            ? new Found(Read(row), row.Bytes("Hash") ?? [], row.Version)
            : new Found(null, [], "");

    async Task NoteUseAsync(Found found, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (found.Key!.LastUsed > now - UseInterval || !found.BeginsNoting())
            return;
        try
        {
            // One that was revoked or used elsewhere meanwhile has another version, and stays as it is.
            await _rows.TryReplaceAsync(Write(found.Key with { LastUsed = now }, found.Hash), found.Version, cancellationToken);
        }
#pragma warning disable CA1031 // Reading needs no place to write, on a full disk say; the next look at the row tries again.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return;
        }
    }

    static bool IsId(string id) => id.Length == IdCharacters && id.All(char.IsAsciiHexDigitLower);

    static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    static Row Write(ApiKey key, byte[] hash) =>
        new(Partition, key.Id)
        {
            ["Name"] = key.Name,
            ["Scope"] = key.Scope.ToString(),
            ["Created"] = key.Created,
            ["LastUsed"] = key.LastUsed,
            ["Hash"] = hash,
        };

    // A scope that this version does not know permits nothing that it would not see: reading is the least.
    static ApiKey Read(Row row) =>
        new(
            row.Key,
            row.Text("Name") ?? "",
            Enum.TryParse<KeyScope>(row.Text("Scope"), out var scope) && Enum.IsDefined(scope) ? scope : KeyScope.Read,
            row.Time("Created") ?? row.Modified,
            row.Time("LastUsed")
        );

    /// <summary>What a look at the rows gave; no key where there is none of this id.</summary>
    sealed class Found(ApiKey? key, byte[] hash, string version)
    {
        int _noted;

        public ApiKey? Key => key;

        public byte[] Hash => hash;

        public string Version => version;

        /// <summary>True to the first who asks.</summary>
        public bool BeginsNoting() => Interlocked.Exchange(ref _noted, 1) == 0;
    }
}
