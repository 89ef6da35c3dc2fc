using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TgVault.Core.Library.Search;
using TgVault.Core.Videos;

namespace TgVault.Core.Library.Lists;

/// <summary>
/// The lists that a video is in: all, its folder, each folder that this lies in, each of its tags, its upload's size and hash, its status,
/// the unfinished ones, those of which something is still to be told, and one for each beginning of a word that it is found by. All,
/// folders and tags are kept in every order; these, sizes and hashes do not have what is in the trash. How they are named is stored: see
/// <see cref="Indexing"/>.
/// </summary>
static class Listings
{
    // Table keys hold 512 characters; what would be longer than this is named by its hash.
    const int LongestEscaped = 300;

    public static Listing All { get; } = new("all");

    public static Listing Unfinished { get; } = new("state:unfinished");

    /// <summary>Videos with something that is still to be told.</summary>
    public static Listing Untold { get; } = new("state:untold");

    public static Listing Folder(string name) => new(FolderPartitions + Escape(name));

    /// <summary>Videos of this folder and of those in it.</summary>
    public static Listing Below(string folder) => new("below:" + Escape(folder));

    public static Listing Tag(string name) => new(TagPartitions + Escape(name));

    /// <summary>Videos whose upload has so many bytes.</summary>
    public static Listing Size(long sizeBytes) => new(string.Create(CultureInfo.InvariantCulture, $"size:{sizeBytes}"));

    /// <summary>Videos whose upload has this SHA-256.</summary>
    public static Listing Sha256(string hash) => new("sha256:" + Escape(hash));

    public static Listing Status(VideoStatus status) => new(StatusPartitions + status.ToString().ToLowerInvariant());

    /// <summary>
    /// The same videos in another order: see <see cref="ListOrder"/>. Numbers change together, and so share a partition; a name changes by
    /// itself.
    /// </summary>
    public static Listing By(VideoOrder order, Listing list) =>
        new((order == VideoOrder.Name ? "name:" : "by:") + list.Partition, ListOrder.BeginningOf(order));

    /// <summary>Where this video stands in an order.</summary>
    public static Listing By(VideoOrder order, Listing list, Video video) =>
        By(order, list) with
        {
            KeyPrefix = ListOrder.KeyOf(order, video),
        };

    /// <summary>Videos with a word that begins so: all beginnings with the same first character share a partition.</summary>
    public static Listing Beginning(string beginning) =>
        new("word:" + Escape(beginning.EnumerateRunes().First().ToString()), Escape(beginning) + '.');

    /// <summary>All lists of a video but those of its words.</summary>
    public static HashSet<Listing> Of(Video video)
    {
        HashSet<Listing> listings = video.IsListed ? ForPeople(video) : [];
        listings.Add(Status(video.Life.Status));
        if (video.IsUnfinished)
            listings.Add(Unfinished);
        if (video.Untold.Length > 0)
            listings.Add(Untold);
        return listings;
    }

    static HashSet<Listing> ForPeople(Video video)
    {
        HashSet<Listing> listings = [All, Folder(video.Details.Folder)];
        foreach (var folder in VideoFolders.Around(video.Details.Folder))
            listings.Add(Below(folder));
        foreach (var tag in video.Details.Tags)
            listings.Add(Tag(tag));
        foreach (var list in listings.ToArray())
            listings.UnionWith(ListOrder.Kept.Select(order => By(order, list, video)));
        listings.Add(Size(video.Upload.SizeBytes));
        if (video.Upload.Sha256 is { } hash)
            listings.Add(Sha256(hash));
        return listings;
    }

    /// <summary>The partitions of all folders; what is behind the beginning is the folder's name.</summary>
    public const string FolderPartitions = "folder:";

    public const string TagPartitions = "tag:";

    public const string StatusPartitions = "status:";

    public static IEnumerable<Listing> OfWords(VideoDetails details) => VideoWords.Beginnings(VideoWords.Of(details)).Select(Beginning);

    /// <summary>The text that <see cref="Escape"/> made this of; null where it is a hash.</summary>
    public static string? Unescape(string escaped)
    {
        if (escaped.StartsWith("__", StringComparison.Ordinal))
            return null;
        var bytes = new List<byte>(escaped.Length);
        for (var i = 0; i < escaped.Length; i += escaped[i] == '_' ? 3 : 1)
        {
            bytes.Add(
                escaped[i] == '_'
                    ? byte.Parse(escaped.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
                    : (byte)escaped[i]
            );
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    /// <summary>
    /// Any text as a key: letters, digits, <c>-</c> and <c>.</c> stay; other UTF-8 bytes become <c>_</c> and two hex digits. Keys may not
    /// hold / \ # ? or control characters, and % confuses proxies. No escape begins with two underscores, so a hash is never taken for the
    /// escape of another name.
    /// </summary>
    static string Escape(string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        var escaped = new StringBuilder(bytes.Length);
        foreach (var b in bytes)
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'.')
                escaped.Append((char)b);
            else
                escaped.Append(CultureInfo.InvariantCulture, $"_{b:x2}");
        }

        return escaped.Length <= LongestEscaped ? escaped.ToString() : "__" + Convert.ToHexStringLower(SHA256.HashData(bytes));
    }
}
