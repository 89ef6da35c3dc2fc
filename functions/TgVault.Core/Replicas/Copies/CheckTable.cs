using System.Globalization;
using TgVault.Core.Rows;

namespace TgVault.Core.Replicas.Copies;

/// <summary>How far the look at one share is, and what it found.</summary>
sealed record ShareState(ChunkShare Share)
{
    public DateTimeOffset? Began { get; init; }

    /// <summary>When it was looked at last, all of it; null before the first time.</summary>
    public DateTimeOffset? Done { get; init; }

    /// <summary>Whether it is being looked at, or was interrupted.</summary>
    public bool IsUnderWay { get; init; }

    /// <summary>Whether those in the trash are gone through, which come last.</summary>
    public bool IsInTrash { get; init; }

    /// <summary>The last video that was gone through; empty before the first.</summary>
    public string After { get; init; } = "";

    /// <summary>So many chunks of the next one were looked at.</summary>
    public int From { get; init; }

    public long Chunks { get; init; }

    public long Lost { get; init; }

    public long Mended { get; init; }

    public long Unchecked { get; init; }
}

/// <summary>The rows of the nightly looks: partition <c>checks</c> of the vault's table, one row per share.</summary>
sealed class CheckTable(IRowTable table)
{
    const string Partition = "checks";

    /// <summary>Every share of so many that was begun.</summary>
    public async Task<List<ShareState>> ReadAsync(int of, CancellationToken cancellationToken)
    {
        var states = new List<ShareState>();
        // '/' follows '.': all keys that begin so.
        var range = RowRange.Keys(Partition, $"{NumberOf(of)}.", $"{NumberOf(of)}/");
        await foreach (var row in table.ListAsync(range, RowLimits.MostPageRows, null, cancellationToken))
            states.Add(
                new ShareState(new ChunkShare(int.Parse(row.Key.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture), of))
                {
                    Began = row.Time(nameof(ShareState.Began)),
                    Done = row.Time(nameof(ShareState.Done)),
                    IsUnderWay = row.Boolean(nameof(ShareState.IsUnderWay)) == true,
                    IsInTrash = row.Boolean(nameof(ShareState.IsInTrash)) == true,
                    After = row.Text(nameof(ShareState.After)) ?? "",
                    From = row.Int32(nameof(ShareState.From)) ?? 0,
                    Chunks = row.Int64(nameof(ShareState.Chunks)) ?? 0,
                    Lost = row.Int64(nameof(ShareState.Lost)) ?? 0,
                    Mended = row.Int64(nameof(ShareState.Mended)) ?? 0,
                    Unchecked = row.Int64(nameof(ShareState.Unchecked)) ?? 0,
                }
            );
        return states;
    }

    public Task SaveAsync(ShareState state, CancellationToken cancellationToken) =>
        table.PutAsync(
            new Row(Partition, $"{NumberOf(state.Share.Of)}.{NumberOf(state.Share.Part)}")
            {
                [nameof(ShareState.Began)] = state.Began,
                [nameof(ShareState.Done)] = state.Done,
                [nameof(ShareState.IsUnderWay)] = state.IsUnderWay,
                [nameof(ShareState.IsInTrash)] = state.IsInTrash,
                [nameof(ShareState.After)] = state.After,
                [nameof(ShareState.From)] = state.From,
                [nameof(ShareState.Chunks)] = state.Chunks,
                [nameof(ShareState.Lost)] = state.Lost,
                [nameof(ShareState.Mended)] = state.Mended,
                [nameof(ShareState.Unchecked)] = state.Unchecked,
            },
            cancellationToken
        );

    static string NumberOf(int number) => number.ToString("D4", CultureInfo.InvariantCulture);
}
