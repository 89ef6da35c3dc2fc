using System.Collections.Immutable;
using TgVault.Core.Videos;

namespace TgVault.Core.Library.Lists;

/// <summary>Counts listing entries by the lists that they are in.</summary>
sealed class ListCounts(ListingTable table, Func<VideoId, CancellationToken, Task<Video?>> find)
{
    public async Task<VideoCounts> CountAsync(CancellationToken cancellationToken)
    {
        var folders = await NamedAsync(
            Listings.FolderPartitions,
            (video, list) => Listings.Folder(video.Details.Folder) == list ? video.Details.Folder : null,
            cancellationToken
        );
        var tags = await NamedAsync(
            Listings.TagPartitions,
            (video, list) => video.Details.Tags.FirstOrDefault(tag => Listings.Tag(tag) == list),
            cancellationToken
        );
        var statuses = ImmutableSortedDictionary.CreateBuilder<VideoStatus, int>();
        foreach (var (name, count) in await table.CountAsync(Listings.StatusPartitions, cancellationToken))
        {
            if (Enum.TryParse<VideoStatus>(name, ignoreCase: true, out var status))
                statuses[status] = count;
        }

        return new VideoCounts(folders, tags, statuses.ToImmutable());
    }

    /// <summary>A name that is too long for a key stands in the rows of its videos.</summary>
    async Task<ImmutableSortedDictionary<string, int>> NamedAsync(
        string beginning,
        Func<Video, Listing, string?> nameOf,
        CancellationToken cancellationToken
    )
    {
        var counts = ImmutableSortedDictionary.CreateBuilder<string, int>(StringComparer.Ordinal);
        foreach (var (escaped, count) in await table.CountAsync(beginning, cancellationToken))
        {
            if ((Listings.Unescape(escaped) ?? await NameAsync(new Listing(beginning + escaped))) is { } name)
                counts[name] = count;
        }

        return counts.ToImmutable();

        async Task<string?> NameAsync(Listing list)
        {
            var (ids, _) = await table.ReadAsync(list, after: null, 1, cancellationToken);
            return ids is [var id] && await find(id, cancellationToken) is { } video ? nameOf(video, list) : null;
        }
    }
}
