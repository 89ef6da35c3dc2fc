using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using TgVault.Core.Rows;

namespace TgVault.Core.Links;

/// <summary>
/// The rows of links. All that is known of one stands in one row under its id; an entry under its video only says that there is one, so
/// it may lead nowhere but is never out of date. A link that was made elsewhere has a row only once it is revoked.
/// </summary>
sealed class LinkTable(IRowTable table)
{
    const string Ids = "ids";

    // Ids of links that were made elsewhere may be any text, so their keys are made of hashes; they sort behind the vault's own.
    const string OthersFrom = "~";

    static readonly ImmutableArray<LinkKind> AllKinds = [.. Enum.GetValues<LinkKind>()];

    public Task CreateAsync(CancellationToken cancellationToken) => table.CreateAsync(cancellationToken);

    public async Task AddAsync(KnownLink link, DateTimeOffset forget, CancellationToken cancellationToken)
    {
        // The entry first: a crash in between leaves one that leads nowhere, never a link that cannot be listed.
        await table.PutAsync(new Row(link.Video.ToString(), link.Id), cancellationToken);
        var row = new Row(Ids, link.Id)
        {
            ["Video"] = link.Video.ToString(),
            ["Created"] = link.Created,
            ["Expires"] = link.Expires,
            ["Origins"] = link.Origins is { } origins ? string.Join(' ', origins) : null,
            ["Kinds"] = string.Join(' ', link.Kinds),
            ["Epoch"] = link.Epoch,
            ["KeyVersion"] = link.KeyVersion,
            ["Key"] = link.Key,
            ["Label"] = link.Label,
            ["Forget"] = forget,
        };
        if (await table.TryInsertAsync(row, cancellationToken) is null)
            throw new VaultException($"There is a link {link.Id} already.");
    }

    /// <summary>A link that this vault made; null where it did not, or has forgotten it.</summary>
    public async Task<KnownLink?> FindAsync(string id, CancellationToken cancellationToken) =>
        await table.FindAsync(Ids, KeyOf(id), null, cancellationToken) is { } row ? Read(row) : null;

    public async Task<bool> IsRevokedAsync(string id, CancellationToken cancellationToken) =>
        (await table.FindAsync(Ids, KeyOf(id), ["Revoked"], cancellationToken))?.Time("Revoked") is not null;

    /// <summary>
    /// Links in the order of their ids, newest first, and the id that goes on behind the last of them; null where there are no more.
    /// </summary>
    /// <param name="video">Only its links; null: all.</param>
    public async Task<(KnownLink[] Links, string? Next)> ListAsync(
        VideoId? video,
        string? after,
        int count,
        CancellationToken cancellationToken
    )
    {
        var partition = video?.ToString() ?? Ids;
        var range = after is null ? RowRange.Keys(partition, "!", OthersFrom) : RowRange.After(partition, after, OthersFrom);
        var rows = await table
            .ListAsync(range, count + 1, video is null ? null : [], cancellationToken)
            .Take(count + 1)
            .ToListAsync(cancellationToken);
        var page = rows.Take(count);
        var links = video is null ? page.Select(Read) : await Task.WhenAll(page.Select(entry => FindAsync(entry.Key, cancellationToken)));
        return ([.. links.OfType<KnownLink>()], rows.Count > count ? rows[count - 1].Key : null);
    }

    /// <summary>Every link that this vault made and still knows.</summary>
    public IAsyncEnumerable<KnownLink> ListAllAsync(CancellationToken cancellationToken) =>
        table
            .ListAsync(RowRange.Keys(Ids, "!", OthersFrom), RowLimits.MostPageRows, null, cancellationToken)
            .Select(Read)
            .OfType<KnownLink>();

    /// <summary>Notes that a link is revoked, whoever made it, and returns when: as it was noted first.</summary>
    /// <param name="forget">Until when that must be known of a link that was made elsewhere.</param>
    public async Task<DateTimeOffset> RevokeAsync(string id, DateTimeOffset now, DateTimeOffset forget, CancellationToken cancellationToken)
    {
        while (true)
        {
            var row = await table.FindAsync(Ids, KeyOf(id), null, cancellationToken);
            if (row?.Time("Revoked") is { } before)
                return before;
            var isNew = row is null;
            row ??= new Row(Ids, KeyOf(id)) { ["Forget"] = forget };
            row["Revoked"] = now;
            var version = isNew
                ? await table.TryInsertAsync(row, cancellationToken)
                : await table.TryReplaceAsync(row, row.Version, cancellationToken);
            if (version is not null)
                return now;
        }
    }

    /// <summary>Forgets what a removed video's links were.</summary>
    public async Task RemoveAsync(VideoId video, CancellationToken cancellationToken)
    {
        var entries = await table
            .ListAsync(RowRange.Of(video.ToString()), RowLimits.MostPageRows, [], cancellationToken)
            .ToListAsync(cancellationToken);
        foreach (var entry in entries)
            await RemoveAsync(Ids, entry.Key, video.ToString(), cancellationToken);
    }

    /// <summary>Forgets what need not be known any more, and returns how many that were.</summary>
    public async Task<int> PruneAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var over = new List<Row>();
        await foreach (var row in table.ListAsync(RowRange.Of(Ids), RowLimits.MostPageRows, ["Forget", "Video"], cancellationToken))
        {
            if (row.Time("Forget") < now)
                over.Add(row);
        }

        foreach (var row in over)
            await RemoveAsync(row.Partition, row.Key, row.Text("Video"), cancellationToken);
        return over.Count;
    }

    // The row first: what is left of a crash leads nowhere, and removing again finds it as long as it is there.
    async Task RemoveAsync(string partition, string key, string? video, CancellationToken cancellationToken)
    {
        await table.DeleteAsync(partition, key, cancellationToken);
        if (video is not null)
            await table.DeleteAsync(video, key, cancellationToken);
    }

    static string KeyOf(string id) =>
        LinkId.IsOwn(id) ? id : OthersFrom + Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(id)));

    /// <summary>Null for a link that was made elsewhere, of which no more is known than that it is revoked.</summary>
    static KnownLink? Read(Row row) =>
        VideoId.TryParse(row.Text("Video")) is not { } video
            ? null
            : new KnownLink
            {
                Id = row.Key,
                Video = video,
                Created = row.Time("Created") ?? default,
                Expires = row.Time("Expires") ?? default,
                Origins = row.Text("Origins") is { } origins ? [.. origins.Split(' ')] : null,
                Kinds = KindsOf(row.Text("Kinds") ?? ""),
                Epoch = row.Int32("Epoch") ?? 0,
                KeyVersion = row.Int32("KeyVersion") ?? 0,
                Key = row.Text("Key"),
                Label = row.Text("Label") ?? "",
                Revoked = row.Time("Revoked"),
            };

    // Those that a later version knows are passed over.
    static ImmutableArray<LinkKind> KindsOf(string text)
    {
        var names = text.Split(' ');
        return [.. AllKinds.Where(kind => names.Contains(kind.ToString()))];
    }
}
