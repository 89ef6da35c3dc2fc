using System.Collections.Immutable;
using System.ComponentModel;
using TgVault.Core.Library.Lists;
using TgVault.Core.Videos;

namespace TgVault.Web.Lists;

/// <summary>How many videos each list has.</summary>
internal sealed record ListsView(
    [Description("All but those in the trash.")] int Videos,
    [Description("In the order of their paths, each behind the one it lies in; the videos of no folder under the empty name.")]
        ImmutableArray<FolderView> Folders,
    [Description("In their order. A video with several is counted in each.")] ImmutableArray<TagView> Tags,
    ImmutableArray<StatusCountView> Statuses,
    [Description("Whether those with the fewest videos were left out.")] bool More,
    [Description("Seconds since they were counted.")] double Age = 0,
    [Description("Seconds until they are counted again, if somebody asks.")] double Next = 0
)
{
    /// <summary>Of folders and of tags: as many as a page can show.</summary>
    public const int MostNames = 2000;

    public static ListsView Of(VideoCounts counts)
    {
        var folders = Tree(counts.Folders);
        var tags = counts.Tags.Select(tag => new TagView(tag.Key, tag.Value)).ToList();
        return new ListsView(
            counts.Statuses.Where(status => status.Key != VideoStatus.Trashed).Sum(status => status.Value),
            Largest(folders, folder => folder.Below, folder => folder.Name),
            Largest(tags, tag => tag.Videos, tag => tag.Name),
            [.. counts.Statuses.Select(status => new StatusCountView(status.Key, status.Value))],
            folders.Count > MostNames || tags.Count > MostNames
        );
    }

    /// <summary>Every folder that has videos, and every one that such a folder lies in.</summary>
    static List<FolderView> Tree(ImmutableSortedDictionary<string, int> counts)
    {
        var below = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (folder, videos) in counts)
        {
            below[folder] = below.GetValueOrDefault(folder) + videos;
            foreach (var outer in VideoFolders.Around(folder).SkipLast(1))
                below[outer] = below.GetValueOrDefault(outer) + videos;
        }

        return [.. below.Select(folder => new FolderView(folder.Key, counts.GetValueOrDefault(folder.Key), folder.Value))];
    }

    static ImmutableArray<T> Largest<T>(IReadOnlyCollection<T> all, Func<T, int> videos, Func<T, string> name) =>
        [.. all.OrderByDescending(videos).Take(MostNames).OrderBy(one => name(one).Replace('/', '\0'), StringComparer.Ordinal)];
}

/// <summary>A folder.</summary>
internal sealed record FolderView(
    [Description("Its path.")] string Name,
    [Description("In it itself.")] int Videos,
    [Description("In it and in the folders that lie in it.")] int Below
);

/// <summary>A tag.</summary>
internal sealed record TagView(string Name, int Videos);

/// <summary>A status that videos are in.</summary>
internal sealed record StatusCountView(VideoStatus Status, int Videos);
