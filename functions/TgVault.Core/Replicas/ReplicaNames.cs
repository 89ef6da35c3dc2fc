using System.Globalization;
using System.Text.RegularExpressions;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;

namespace TgVault.Core.Replicas;

/// <summary>What documents are called in a replica (FORMAT.md, "Replicas"): a reader finds each without a table.</summary>
static partial class ReplicaNames
{
    public const string Videos = "videos";
    public const string Catalogue = "catalogue/catalogue.tgvd";

    /// <summary>In the rows about a channel: manifests that its catalogue may name still, each by its message.</summary>
    public const string Former = "former";

    /// <summary>Everything of one video.</summary>
    public static string Video(VideoId video) => $"{Videos}/{video}";

    public static string Manifest(VideoId video) => $"{Videos}/{video}/manifest.tgvd";

    /// <summary>By attempt, file and place in the plan: <c>1/0-00017.tgvc</c> is chunk 17 of the video's own file.</summary>
    public static string Chunk(ChunkIdentity chunk)
    {
        var (file, index) = Math.DivRem(chunk.Number.Value, ChunkNumber.PerFile);
        return string.Create(CultureInfo.InvariantCulture, $"{Videos}/{chunk.Video}/{chunk.Attempt}/{file}-{index:D5}.tgvc");
    }

    public static string Segment(ChunkReceipt receipt) =>
        string.Create(CultureInfo.InvariantCulture, $"catalogue/segment{receipt.ChatId}.{receipt.MessageId}.tgvd");

    /// <summary>Whose manifest has that name; null where it is none.</summary>
    public static VideoId? ManifestOf(string name) => name.Split('/') is [Videos, var id, "manifest.tgvd"] ? VideoId.TryParse(id) : null;

    /// <summary>Whether a name is one of a chunk; others below a video are not ours to remove.</summary>
    public static bool IsChunk(string name) => ChunkName().IsMatch(name);

    /// <summary>Which chunk has that name; null where it is none's.</summary>
    public static ChunkIdentity? ChunkOf(string name)
    {
        if (ChunkName().Match(name) is not { Success: true } match || VideoId.TryParse(match.Groups[1].Value) is not { } video)
            return null;
        var (attempt, file, index) = (Number(2), Number(3), Number(4));
        return new ChunkIdentity(video, attempt, ChunkNumber.Of(file, index));

        int Number(int group) => int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("^videos/([0-9a-z]{26})/([0-9]{1,9})/([0-9]{1,4})-([0-9]{5})[.]tgvc$")]
    private static partial Regex ChunkName();
}
