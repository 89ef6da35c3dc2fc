using System.Collections.Immutable;
using TgVault.Core.Videos;

namespace TgVault.Core.Library.Lists;

/// <summary>How many videos each list has. Lists without any are left out.</summary>
/// <param name="Folders">By their whole path; the videos of no folder under the empty one. What lies in a folder's folders is not in
/// it.</param>
/// <param name="Tags">A video with several is in each.</param>
/// <param name="Statuses">Together all videos, with those in the trash, which no folder and no tag counts.</param>
public sealed record VideoCounts(
    ImmutableSortedDictionary<string, int> Folders,
    ImmutableSortedDictionary<string, int> Tags,
    ImmutableSortedDictionary<VideoStatus, int> Statuses
);
