using System.Collections.Immutable;
using TgVault.Core.Library;
using TgVault.Core.Rows;
using TgVault.Core.Videos;

namespace TgVault.Core.TakeOver;

/// <summary>
/// Which version of which blob the copy of a staged blob has become. Rows of videos that are not stored yet name versions, and have to name
/// the new ones.
/// </summary>
sealed class MovedBlobs
{
    readonly Dictionary<(StagingArea Area, string Name, string ETag), StagedBlob> _moved = [];

    public void Add(StagedBlob from, StagedBlob to) => _moved.Add((from.Area, from.Name, from.ETag), to);

    /// <summary>The row as the new library has it: the same one, unless it is a video's that names a blob that moved.</summary>
    /// <exception cref="VaultException">The row is none that a vault wrote.</exception>
    public Row Rename(string table, Row row)
    {
        if (table != VaultTables.Videos || row.Key != VideoRow.RowKey || _moved.Count == 0)
            return row;
        var video = VideoRow.Read(row);
        var renamed = video with
        {
            Upload = video.Upload with { Source = video.Upload.Source is { } source ? Rename(source) : null },
            Files = video.Files with
            {
                Prepared = video.Files.Prepared is { } prepared ? prepared with { Extents = Rename(prepared.Extents) } : null,
                Companions = [.. video.Files.Companions.Select(companion => companion with { Extents = Rename(companion.Extents) })],
            },
        };
        return Names(video) ? VideoRow.Write(renamed) : row;
    }

    bool Names(Video video) => Blobs(video).Any(blob => _moved.ContainsKey((blob.Area, blob.Name, blob.ETag)));

    static IEnumerable<StagedBlob> Blobs(Video video)
    {
        var extents = video
            .Files.Companions.SelectMany(companion => companion.Extents)
            .Concat(video.Files.Prepared?.Extents ?? [])
            .Select(extent => extent.Blob);
        return video.Upload.Source is { } source ? extents.Append(source) : extents;
    }

    ImmutableArray<Extent> Rename(ImmutableArray<Extent> extents) =>
        [.. extents.Select(extent => extent with { Blob = Rename(extent.Blob) })];

    StagedBlob Rename(StagedBlob blob) => _moved.GetValueOrDefault((blob.Area, blob.Name, blob.ETag), blob);
}
