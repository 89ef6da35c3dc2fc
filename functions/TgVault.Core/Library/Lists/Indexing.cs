using TgVault.Core.Rows;

namespace TgVault.Core.Library.Lists;

/// <summary>
/// Goes through the videos once after what they are listed by has changed, newest first. How far it got is a row of the table
/// <c>listing</c>, so it goes on where it was interrupted; two that do it at once do the same.
/// </summary>
/// <param name="listing">The table of listing entries.</param>
/// <param name="name">Of the search index: another one begins anew.</param>
sealed class Indexing(IRowTable listing, string name)
{
    /// <summary>
    /// Of what is written for a video: another number has all of them gone through. Raised with every change of <see cref="Listings"/>, of
    /// the words that are found and of how they are folded.
    /// </summary>
    public const int Version = 3;

    public const string Partition = "indexing";

    /// <summary>Where to go on; null where nothing is left to do.</summary>
    public async Task<IndexingPlace?> FindAsync(CancellationToken cancellationToken)
    {
        var row = await listing.FindAsync(Partition, name, null, cancellationToken);
        if (row?.Int32("Version") != Version)
            return new IndexingPlace(null);
        return row.Boolean("IsDone") == true ? null : new IndexingPlace(row.Text("After") is { } after ? VideoId.Parse(after) : null);
    }

    /// <summary>Records how far it got; null where all is done.</summary>
    public Task MoveAsync(IndexingPlace? place, CancellationToken cancellationToken) =>
        listing.PutAsync(
            new Row(Partition, name)
            {
                ["Version"] = Version,
                ["IsDone"] = place is null,
                ["After"] = place?.After?.ToString(),
            },
            cancellationToken
        );
}

/// <summary>The last video that was gone through; null before the first.</summary>
sealed record IndexingPlace(VideoId? After);
