using System.Text.Json;

namespace TgVault.Cli.Client.Videos;

/// <summary>A folder: how many videos are in it itself, and in it and all folders below.</summary>
sealed record FolderCount(string Name, long Videos, long Below);

/// <summary>How many videos each list of the library has, as the vault told.</summary>
sealed class LibraryCounts(JsonElement json)
{
    public JsonElement Json => json;

    public long Videos => VideoView.Number(json, "videos");

    /// <summary>By path, each behind the one it lies in.</summary>
    public IReadOnlyList<FolderCount> Folders =>
        [
            .. List("folders")
                .Select(folder => new FolderCount(
                    VideoView.Text(folder, "name"),
                    VideoView.Number(folder, "videos"),
                    VideoView.Number(folder, "below")
                )),
        ];

    public IEnumerable<(string Name, long Videos)> Statuses =>
        List("statuses").Select(status => (VideoView.Text(status, "status"), VideoView.Number(status, "videos")));

    /// <summary>How many videos a list has that is narrowed by one thing at most; null where several narrow it.</summary>
    public long? Of(VideoFilter filter) =>
        filter switch
        {
            { Search: null, Folder: null, Tag: null, Status: null } => Videos,
            { Search: null, Folder: { } name, Tag: null, Status: null } => Folders.FirstOrDefault(folder => folder.Name == name) is { } one
                ? (filter.Below ? one.Below : one.Videos)
                : null,
            { Search: null, Folder: null, Tag: { } name, Status: null } => NumberOfTag(name),
            { Search: null, Folder: null, Tag: null, Status: { } name } => Statuses.FirstOrDefault(status => status.Name == name).Videos,
            _ => null,
        };

    long NumberOfTag(string name) =>
        List("tags").Where(tag => VideoView.Text(tag, "name") == name).Select(tag => VideoView.Number(tag, "videos")).FirstOrDefault();

    JsonElement[] List(string name) =>
        json.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];
}
