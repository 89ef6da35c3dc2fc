using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using TgVault.Core.Videos;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Videos;

/// <summary>
/// A request's If-Match, asked of the row that is about to be changed, however often others write it meanwhile: what was allowed is what is
/// written.
/// </summary>
internal sealed class VideoCondition(HttpContext context)
{
    /// <summary>What the last row that was asked about is refused with; null where it may be changed.</summary>
    public Problem? Refusal { get; private set; }

    public bool Allows(Video video) => Refuse(video) is null;

    /// <summary>Null where it may be changed.</summary>
    public Problem? Refuse(Video video) => Refusal = VideoTag.Refuse(context, video);
}

/// <summary>
/// The validator (ETag) of a video as the API shows it: its row's version. Whoever changes a video says by If-Match which state he saw,
/// and is refused where it is another one by now (RFC 9110 §13.1.1), so that nobody's change is written over unseen.
/// </summary>
internal static class VideoTag
{
    const int Bytes = 8;

    /// <summary>Strong, quotes included. Another after every write of the row, also where ingest wrote it, and for another wait.</summary>
    public static string Of(Video video, VideoWait? wait) =>
        wait is null ? $"\"{RowOf(video)}\"" : $"\"{RowOf(video)}-{Hash(NameOf(wait))}\"";

    /// <summary>Null where the request may change a video in this state.</summary>
    public static Problem? Refuse(HttpContext context, Video video)
    {
        var wanted = context.Request.Headers.IfMatch;
        if (wanted.Count == 0)
            return null;
        var row = RowOf(video);
        if (
            EntityTagHeaderValue.TryParseList(wanted, out var tags)
            // Compared strongly (§8.8.3.2): a weak one is like none.
            && tags.Any(one => one.Equals(EntityTagHeaderValue.Any) || (!one.IsWeak && NamesRow(one.Tag.AsSpan(), row)))
        )
            return null;
        context.Response.Headers.ETag = $"\"{row}\"";
        return Changed;
    }

    // What is changed is the row, whatever it waits for meanwhile.
    static bool NamesRow(ReadOnlySpan<char> tag, string row) =>
        tag.Length >= row.Length + 2 && tag[1..].StartsWith(row) && tag[row.Length + 1] is '"' or '-';

    // When it ends is told within seconds only.
    static string NameOf(VideoWait wait) =>
        FormattableString.Invariant($"{wait.Why} {wait.BytesDone} {wait.Ahead} {wait.Until?.ToUnixTimeSeconds() / 4}");

    static string RowOf(Video video) => Hash(video.RowVersion);

    static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, Bytes));

    /// <summary>Whether the client has the video in this state (§13.1.2).</summary>
    public static bool IsKnown(HttpRequest request, string tag) =>
        EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var known)
        && known.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Tag == tag);

    static Problem Changed { get; } =
        new(
            StatusCodes.Status412PreconditionFailed,
            "This video has changed since it had the ETag in If-Match. Get it again, and decide whether the change is still wanted."
        );
}
