using TgVault.Core.Caching;
using TgVault.Core.Rows;
using TgVault.Core.Settings;

namespace TgVault.Core.Links;

/// <summary>Links newest first; <paramref name="Continuation"/> is null on the last page. Others may be short.</summary>
public sealed record LinkPage(IReadOnlyList<KnownLink> Links, string? Continuation);

/// <summary>
/// Knows the links that the vault made, and which links are revoked, also of those made elsewhere. Whether one is, is remembered for
/// <see cref="Lifetime"/>: that late other instances hear of it. Safe for use by many threads.
/// </summary>
public sealed class LinkRegister : IDisposable
{
    /// <summary>The most links in a page.</summary>
    public const int MaxPage = 200;

    /// <summary>How old the answer may be to whether a link is revoked.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    /// <summary>How long after a link's end it is known: no link that is part of it lives longer than that.</summary>
    public static readonly TimeSpan KeptAfterEnd = TimeSpan.FromDays(30);

    // Some 20,000 links in use at once; a further one costs reading its row more often.
    const long MaxBytes = 20_000 * EntryBytes;
    const long EntryBytes = 200;

    // The longest id of a link made elsewhere, whose whole text may have so many characters.
    const int MaxIdLength = VideoLinks.MaxTokenLength;

    readonly SharedCache<string, bool> _revoked;
    readonly LinkTable _table;
    readonly TimeProvider _time;

    /// <param name="table"><see cref="VaultTables.Links"/>.</param>
    internal LinkRegister(IRowTable table, TimeProvider time)
    {
        _table = new LinkTable(table);
        _time = time;
        _revoked = new SharedCache<string, bool>(MaxBytes, _ => EntryBytes) { Lifetime = Lifetime, Time = time };
    }

    /// <summary>Makes the table.</summary>
    public Task PrepareAsync(CancellationToken cancellationToken) => _table.CreateAsync(cancellationToken);

    /// <summary>Notes a link that was made, before anybody is given it.</summary>
    public Task AddAsync(KnownLink link, CancellationToken cancellationToken) =>
        _table.AddAsync(link, link.Expires + KeptAfterEnd, cancellationToken);

    /// <summary>The link of this id that this vault made; null where it made none, or where it is long over.</summary>
    public Task<KnownLink?> FindAsync(string id, CancellationToken cancellationToken) => _table.FindAsync(id, cancellationToken);

    /// <summary>Whether this one link was revoked, at most <see cref="Lifetime"/> ago.</summary>
    public ValueTask<bool> IsRevokedAsync(string id, CancellationToken cancellationToken) =>
        _revoked.GetAsync(id, token => _table.IsRevokedAsync(id, token), cancellationToken);

    /// <summary>A page of links that this vault made, those that have ended or were revoked among them for a while.</summary>
    /// <param name="video">Only its links; null: all.</param>
    /// <param name="limit">1 to <see cref="MaxPage"/>.</param>
    /// <param name="continuation">What the page before gave; null for the first.</param>
    /// <exception cref="FormatException">The continuation is not one that a list gave.</exception>
    public async Task<LinkPage> ListAsync(VideoId? video, int limit, string? continuation, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxPage);
        if (continuation is not null && !LinkId.IsOwn(continuation))
            throw new FormatException("No list of links goes on from there.");
        var (links, next) = await _table.ListAsync(video, continuation, limit, cancellationToken);
        return new LinkPage(links, next);
    }

    /// <summary>How many of the links that this vault made are good now, as far as their rows and keys say.</summary>
    public async Task<int> CountGoodAsync(VideoLinks links, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        return await _table
            .ListAllAsync(cancellationToken)
            .Where(link => link.Revoked is null && link.Expires > now && links.Write(link) is not null)
            .CountAsync(cancellationToken);
    }

    /// <summary>
    /// Ends a link for good: here at once, elsewhere within <see cref="Lifetime"/>. One that this vault does not know is taken to be made
    /// elsewhere. Safe to repeat.
    /// </summary>
    /// <returns>When it was revoked, and the link where this vault made it.</returns>
    /// <exception cref="ArgumentException">No link can have such an id.</exception>
    public async Task<(DateTimeOffset At, KnownLink? Link)> RevokeAsync(string id, CancellationToken cancellationToken)
    {
        if (id.Length is 0 or > MaxIdLength)
            throw new ArgumentException("No link has such an id.", nameof(id));
        var now = _time.GetUtcNow();
        // No link that is good today lives longer, whatever the settings become.
        var forget = now + TimeSpan.FromMinutes(LinkSettings.LongestLifetimeMinutes) + KeptAfterEnd;
        var at = await _table.RevokeAsync(id, now, forget, cancellationToken);
        _revoked.Remove(id, false);
        return (at, await _table.FindAsync(id, cancellationToken));
    }

    /// <summary>Forgets the links of a video that is removed: its id comes never again. Safe to repeat.</summary>
    public Task RemoveAsync(VideoId video, CancellationToken cancellationToken) => _table.RemoveAsync(video, cancellationToken);

    /// <summary>Forgets links that ended long ago; returns how many.</summary>
    public Task<int> PruneAsync(CancellationToken cancellationToken) => _table.PruneAsync(_time.GetUtcNow(), cancellationToken);

    public void Dispose() => _revoked.Dispose();
}
