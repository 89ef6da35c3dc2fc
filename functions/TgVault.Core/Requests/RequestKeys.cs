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

    const string Partition = "requests";

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
    /// Notes that a request is going to make <paramref name="id"/>, before it does. Gives that id; where the key is known, the id that its
    /// first request noted, which is to be answered again; null where that one said something else.
    /// </summary>
    /// <param name="operation">What is done: each has keys of its own.</param>
    /// <param name="key">The client's; only its hash is kept.</param>
    /// <param name="content">What the request says; only its hash is kept.</param>
    public async Task<string?> ClaimAsync(string operation, string key, string content, string id, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        await SweepAsync(now, cancellationToken);
        var hash = Hash(content);
        var row = new Row(Partition, Convert.ToHexStringLower(Hash($"{operation}\n{key}")))
        {
            ["Id"] = id,
            ["Content"] = hash,
            ["Until"] = now + Lifetime,
        };
        while (true)
        {
            if (await _rows.TryInsertAsync(row, cancellationToken) is not null)
                return id;
            // Swept meanwhile, perhaps.
            if (await _rows.FindAsync(Partition, row.Key, null, cancellationToken) is not { } known)
                continue;
            if (known.Time("Until") > now)
                return known.Bytes("Content").AsSpan().SequenceEqual(hash) ? known.Text("Id") : null;
            if (await _rows.TryReplaceAsync(row, known.Version, cancellationToken) is not null)
                return id;
        }
    }

    /// <summary>Forgets a key whose request made nothing in the end, so that it can be sent again.</summary>
    public Task ForgetAsync(string operation, string key, CancellationToken cancellationToken) =>
        _rows.DeleteAsync(Partition, Convert.ToHexStringLower(Hash($"{operation}\n{key}")), cancellationToken);

    async Task SweepAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var due = Interlocked.Read(ref _sweepAfter);
        var next = (now + BetweenSweeps).UtcTicks;
        if (now.UtcTicks < due || Interlocked.CompareExchange(ref _sweepAfter, next, due) != due)
            return;
        var rows = _rows.ListAsync(RowRange.Of(Partition), RowLimits.MostPageRows, ["Until"], cancellationToken);
        await foreach (var row in rows)
        {
            if (row.Time("Until") <= now)
                await _rows.TryDeleteAsync(Partition, row.Key, row.Version, cancellationToken);
        }
    }

    static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
