using TgVault.Core.Library.Search;
using TgVault.Core.Videos;

namespace TgVault.Core.Library.Lists;

/// <summary>Where videos are found by their words; each way to keep rows has its own.</summary>
interface ISearchIndex
{
    /// <summary>What it is called in the rows: letters. Another one has to be built anew.</summary>
    string Name { get; }

    /// <summary>Makes what it needs; after the tables.</summary>
    Task CreateAsync(CancellationToken cancellationToken);

    /// <summary>The entries that a writer keeps for a video's words; none where the index follows the rows by itself.</summary>
    IEnumerable<Listing> ListingsOf(VideoDetails details);

    /// <summary>Lists that together have all videos with these words; at least one.</summary>
    IEnumerable<IVideoList> ListsOf(SearchTerms terms);

    /// <summary>Brings an index that follows the rows by itself up to these rows.</summary>
    Task IndexAsync(IReadOnlyCollection<VideoId> ids, CancellationToken cancellationToken);
}

/// <summary>Search by listing entries, for a store that has only rows: a list for each beginning of a word.</summary>
sealed class ListingSearch(ListingTable table) : ISearchIndex
{
    // The longest words are the rarest; what else is wanted is looked for in the rows that these find.
    const int MostLists = 4;

    public string Name => "listing";

    public Task CreateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public IEnumerable<Listing> ListingsOf(VideoDetails details) => Listings.OfWords(details);

    public IEnumerable<IVideoList> ListsOf(SearchTerms terms) =>
        terms
            .Wanted.Select(VideoWords.Beginning)
            .Distinct(StringComparer.Ordinal)
            .Take(MostLists)
            .Select(beginning => new ListingList(table, Listings.Beginning(beginning), video => Has(video, beginning)));

    public Task IndexAsync(IReadOnlyCollection<VideoId> ids, CancellationToken cancellationToken) => Task.CompletedTask;

    static bool Has(Video video, string beginning) =>
        VideoWords.Of(video.Details).Any(word => word.StartsWith(beginning, StringComparison.Ordinal));
}
