using TgVault.Core.Rows;

namespace TgVault.Core.Replicas.Copies;

/// <summary>
/// What a look found missing or damaged in a channel, and when: partition <c>suspects</c> of the vault's table. Only a second look, some
/// time later, makes it certain.
/// </summary>
sealed class SuspectTable(IRowTable table, TimeProvider time)
{
    /// <summary>How much later.</summary>
    public static readonly TimeSpan SecondLook = TimeSpan.FromSeconds(30);

    const string Partition = "suspects";

    /// <summary>The documents of a video that are suspected, with when they were first.</summary>
    public async Task<Dictionary<string, DateTimeOffset>> ReadAsync(VideoId video, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, DateTimeOffset>();
        // '/' follows '.': all keys that begin with the id and a dot.
        await foreach (
            var row in table.ListAsync(
                RowRange.Keys(Partition, $"{video}.", $"{video}/"),
                RowLimits.MostPageRows,
                ["First"],
                cancellationToken
            )
        )
            found[row.Key[(VideoId.TextLength + 1)..]] = row.Time("First") ?? default;
        return found;
    }

    /// <summary>The videos with documents that a look now would make certain; at most a thousand documents' worth.</summary>
    public async Task<List<VideoId>> ListDueAsync(CancellationToken cancellationToken)
    {
        var videos = new HashSet<VideoId>();
        var rows = table.ListAsync(RowRange.Of(Partition), RowLimits.MostPageRows, ["First"], cancellationToken);
        await foreach (var row in rows.Take(RowLimits.MostPageRows))
        {
            if (VideoId.TryParse(row.Key[..VideoId.TextLength]) is { } video && IsDue(row.Time("First") ?? default))
                videos.Add(video);
        }

        return [.. videos];
    }

    /// <summary>Notes that a document was found missing or damaged now.</summary>
    public Task AddAsync(VideoId video, string document, CancellationToken cancellationToken) =>
        table.TryInsertAsync(new Row(Partition, $"{video}.{document}") { ["First"] = time.GetUtcNow() }, cancellationToken);

    /// <summary>It was there after all, or is again.</summary>
    public Task RemoveAsync(VideoId video, string document, CancellationToken cancellationToken) =>
        table.DeleteAsync(Partition, $"{video}.{document}", cancellationToken);

    /// <summary>Forgets all of a video that is removed.</summary>
    public Task RemoveAsync(VideoId video, CancellationToken cancellationToken) =>
        table.DeleteRangeAsync(RowRange.Keys(Partition, $"{video}.", $"{video}/"), cancellationToken);

    /// <summary>Whether one look more, now, makes it certain.</summary>
    public bool IsDue(DateTimeOffset first) => time.GetUtcNow() - first >= SecondLook;
}
