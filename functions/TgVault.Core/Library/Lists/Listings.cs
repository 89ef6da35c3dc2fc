using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TgVault.Core.Library.Search;
using TgVault.Core.Videos;

namespace TgVault.Core.Library.Lists;

/// <summary>
/// The lists that a video is in: all, its folder, each of its tags, its status, the unfinished ones, and one for each beginning of a word
/// that it is found by. How they are named is stored: see <see cref="Indexing"/>.
/// </summary>
static class Listings
{
    // Table keys hold 512 characters; what would be longer than this is named by its hash.
    const int LongestEscaped = 300;

    public static Listing All { get; } = new("all");

    public static Listing Unfinished { get; } = new("state:unfinished");

    public static Listing Folder(string name) => new("folder:" + Escape(name));

    public static Listing Tag(string name) => new("tag:" + Escape(name));

    public static Listing Status(VideoStatus status) => new("status:" + status.ToString().ToLowerInvariant());

    /// <summary>Videos with a word that begins so: all beginnings with the same first character share a partition.</summary>
    public static Listing Beginning(string beginning) =>
        new("word:" + Escape(beginning.EnumerateRunes().First().ToString()), Escape(beginning) + '.');

    /// <summary>All lists of a video but those of its words.</summary>
    public static HashSet<Listing> Of(Video video)
    {
        HashSet<Listing> listings = [All, Folder(video.Details.Folder), Status(video.Life.Status)];
        foreach (var tag in video.Details.Tags)
            listings.Add(Tag(tag));
        if (video.IsUnfinished)
            listings.Add(Unfinished);
        return listings;
    }

    public static IEnumerable<Listing> OfWords(VideoDetails details) => VideoWords.Beginnings(VideoWords.Of(details)).Select(Beginning);

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
