using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TgVault.Core.Videos;

namespace TgVault.Core.Library;

/// <summary>
/// The lists that a video is in, each by its partition key: all, its folder, each of its tags, and the unfinished ones.
/// </summary>
static class Listings
{
    public const string All = "all";
    public const string Unfinished = "state:unfinished";

    // Table keys hold 512 characters; what would be longer than this is named by its hash.
    const int LongestEscaped = 300;

    public static string Folder(string name) => "folder:" + Escape(name);

    public static string Tag(string name) => "tag:" + Escape(name);

    public static HashSet<string> Of(Video video)
    {
        HashSet<string> listings = [All, Folder(video.Details.Folder)];
        foreach (var tag in video.Details.Tags)
            listings.Add(Tag(tag));
        if (video.IsUnfinished)
            listings.Add(Unfinished);
        return listings;
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
