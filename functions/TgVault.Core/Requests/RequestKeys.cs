using System.Security.Cryptography;
using System.Text;
using TgVault.Core.Rows;

namespace TgVault.Core.Requests;

/// <summary>
/// What requests with an idempotency key made, for <see cref="Lifetime"/>: so that one which is sent once more, since its answer was lost,
/// makes nothing more. For any number of threads and instances.
/// </summary>
public sealed class RequestKeys
{
    /// <summary>How long a key is known.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    /// <summary>How long a request may be under way: one that is longer was ended in the middle, with the process that carried it out.
    /// </summary>
    public static readonly TimeSpan LongestMaking = TimeSpan.FromMinutes(1);

    const string Partition = "requests";
    const string Id = "Id";
    const string Content = "Content";
    const string Until = "Until";

    // When it was begun, as long as nothing is known to be made.
    const string Making = "Making";

    // Looking for old ones costs a look at all that are kept.
    static readonly TimeSpan BetweenSweeps = TimeSpan.FromHours(1);

    readonly IRowTable _rows;
    readonly TimeProvider _time;
    long _sweepAfter;

    /// <param name="rows"><see cref="VaultTables.Vault"/>; it must exist.</param>
    /// <param name="time">Says when a key is forgotten.</param>
    internal RequestKeys(IRowTable rows, TimeProvider time)
    {
        _rows = rows;
        _time = time;
    }

    /// <summary>
    /// Notes that a request is going to make <paramref name="id"/>, before it does. Where the key is known, it is the claim of its first
    /// request, whose id is to be answered again; null where that one said something else.
    /// </summary>
    /// <param name="operation">What is done: each has keys of its own.</param>
    /// <param name="key">The client's; only its hash is kept.</param>
    /// <param name="content">What the request says; only its hash is kept.</param>
    /// <param name="id">What it is going to make.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<RequestClaim?> ClaimAsync(
        string operation,
        string key,
        string content,
        string id,
        CancellationToken cancellationToken
    )
    {
        var now = _time.GetUtcNow();
        await SweepAsync(now, cancellationToken);
        var hash = Hash(content);
        var row = NewRow(Convert.ToHexStringLower(Hash($"{operation}\n{key}")), id, hash, now);
        while (true)
        {
            if (await _rows.TryInsertAsync(row, cancellationToken) is { } version)
                return new RequestClaim(id, isMine: true, row, version);
            // Swept meanwhile, perhaps.
            if (await _rows.FindAsync(Partition, row.Key, null, cancellationToken) is not { } known)
                continue;
            if (known.Time(Until) > now)
                return known.Bytes(Content).AsSpan().SequenceEqual(hash)
                    ? new RequestClaim(known.Text(Id) ?? "", isMine: false, known, known.Version)
                    : null;
            if (await _rows.TryReplaceAsync(row, known.Version, cancellationToken) is { } replaced)
                return new RequestClaim(id, isMine: true, row, replaced);
        }
    }

    /// <summary>
    /// Takes a claim over whose request made nothing, and was begun so long ago that it never will: the process that carried it out was
    /// ended. Null where it may still be under way, or made something, which was removed since.
    /// </summary>
    /// <param name="claim">Another request's.</param>
    /// <param name="id">What is made instead.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<RequestClaim?> TryTakeOverAsync(RequestClaim claim, string id, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (claim.Row.Time(Making) is not { } begun || begun + LongestMaking > now)
            return null;
        var row = NewRow(claim.Row.Key, id, claim.Row.Bytes(Content)!, now);
        return await _rows.TryReplaceAsync(row, claim.Version, cancellationToken) is { } version
            ? new RequestClaim(id, isMine: true, row, version)
            : null;
    }

    /// <summary>Notes that what was claimed is made.</summary>
    public async Task MadeAsync(RequestClaim claim, CancellationToken cancellationToken)
    {
        claim.Row[Making] = null;
        await _rows.TryReplaceAsync(claim.Row, claim.Version, cancellationToken);
    }

    /// <summary>Forgets a key whose request made nothing in the end, so that it can be sent again.</summary>
    public Task ForgetAsync(string operation, string key, CancellationToken cancellationToken) =>
        _rows.DeleteAsync(Partition, Convert.ToHexStringLower(Hash($"{operation}\n{key}")), cancellationToken);

    static Row NewRow(string key, string id, byte[] content, DateTimeOffset now) =>
        new(Partition, key)
        {
            [Id] = id,
            [Content] = content,
            [Until] = now + Lifetime,
            [Making] = now,
        };

    async Task SweepAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var due = Interlocked.Read(ref _sweepAfter);
        var next = (now + BetweenSweeps).UtcTicks;
        if (now.UtcTicks < due || Interlocked.CompareExchange(ref _sweepAfter, next, due) != due)
            return;
        var rows = _rows.ListAsync(RowRange.Of(Partition), RowLimits.MostPageRows, [Until], cancellationToken);
        await foreach (var row in rows)
        {
            if (row.Time(Until) <= now)
                await _rows.TryDeleteAsync(Partition, row.Key, row.Version, cancellationToken);
        }
    }

    static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}

/// <summary>What a request with an idempotency key is going to make, or what an earlier one did.</summary>
public sealed class RequestClaim
{
    internal RequestClaim(string id, bool isMine, Row row, string version) => (Id, IsMine, Row, Version) = (id, isMine, row, version);

    /// <summary>What is made.</summary>
    public string Id { get; }

    /// <summary>Whether this request makes it; else an earlier one with the same key and content does or did.</summary>
    public bool IsMine { get; }

    internal Row Row { get; }

    internal string Version { get; }
}
