using System.Collections.Immutable;
using TgVault.Core;
using TgVault.Core.Videos;
using TgVault.Web.Streams;

namespace TgVault.Web.Dav;

/// <summary>A folder of the library as a file system shows it: its folders, and its ready videos as files.</summary>
/// <param name="Folders">Names of the folders in it, in their order.</param>
/// <param name="Files">In the order of their names, each of which is there once, whatever the case.</param>
internal sealed record DavFolder(ImmutableArray<string> Folders, ImmutableArray<DavFile> Files)
{
    /// <summary>What it takes in memory, roughly.</summary>
    public long Bytes => 200 + Folders.Sum(name => 60L + (2 * name.Length)) + Files.Sum(file => file.Bytes);

    public DavFile? Find(string name)
    {
        var at = Files.AsSpan().BinarySearch(new ByName(name));
        return at >= 0 ? Files[at] : null;
    }

    /// <param name="folders">Names of the folders in it.</param>
    /// <param name="files">Newest first. Where several have one name, the oldest keeps it: a new one renames none that is known.</param>
    public static DavFolder Of(IEnumerable<string> folders, List<DavFile> files)
    {
        ImmutableArray<string> names = [.. folders.Order(StringComparer.Ordinal)];
        // Without case, as the systems that mount it compare.
        var taken = new HashSet<string>(names, StringComparer.OrdinalIgnoreCase);
        for (var i = files.Count - 1; i >= 0; i--)
        {
            if (taken.Add(files[i].Name))
                continue;
            files[i] = files[i] with { Name = files[i].NameWithId };
            taken.Add(files[i].Name);
        }

        return new DavFolder(names, [.. files.OrderBy(file => file.Name, StringComparer.Ordinal)]);
    }

    readonly struct ByName(string name) : IComparable<DavFile>
    {
        public int CompareTo(DavFile? other) => string.CompareOrdinal(name, other?.Name);
    }
}

/// <summary>A ready video as a file.</summary>
internal sealed record DavFile(
    string Name,
    VideoId Id,
    long LengthBytes,
    string ContentType,
    DateTimeOffset Created,
    DateTimeOffset Modified,
    string ETag
)
{
    public long Bytes => 250 + (2 * (Name.Length + ETag.Length));

    /// <summary>The name that no other file has.</summary>
    public string NameWithId => $"{Path.GetFileNameWithoutExtension(Name)} ({Id}){Path.GetExtension(Name)}";

    /// <param name="video">A ready one.</param>
    public static DavFile Of(Video video) =>
        new(
            VideoHeaders.NameOf(video),
            video.Id,
            video.Files.Prepared!.LengthBytes,
            VideoHeaders.TypeOf(video),
            video.Created,
            ByteResult.ModifiedOf(video),
            ByteResult.ETagOf(video)
        );
}
