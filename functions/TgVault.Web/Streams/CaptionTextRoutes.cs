using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using TgVault.Core.Links;
using TgVault.Core.Playback.Captions;
using TgVault.Core.Playback.Open;
using TgVault.Web.Http;

namespace TgVault.Web.Streams;

/// <summary>Captions of ready videos, given to pages as one WebVTT file per language.</summary>
internal sealed class CaptionTextRoutes(StreamOpening opening, OpenVideos reader, ILogger<CaptionTextRoutes> log)
{
    /// <summary>What captions are served as.</summary>
    public const string ContentType = "text/vtt; charset=utf-8";

    // They belong to the video, however it is played.
    static readonly ImmutableArray<LinkKind> Kinds = [.. Enum.GetValues<LinkKind>()];

    /// <summary>By a link in the path.</summary>
    public async Task<IResult> StreamText(HttpContext context)
    {
        const string extension = ".vtt";
        var link = StreamOpening.LinkOf(context);
        var opened = await opening.OpenAsync(context, link.Video, link, Kinds, "captions");
        if (opened.IsRefused)
            return opened.Problem;
        await using var stream = opened.Stream;
        var video = stream.Video;
        var file = context.GetRouteValue("file") as string ?? "";
        var companion = file.EndsWith(extension, StringComparison.Ordinal) ? CaptionReader.Find(video, file[..^extension.Length]) : null;
        var text = companion is null ? null : await reader.OpenAsync(video.Id, companion.Number, context.RequestAborted);
        return text is null
            ? new Problem(StatusCodes.Status404NotFound, "This video has no captions of this name.")
            : new ByteResult(text, video, ContentType, $"-{companion!.Number}", log) { Expect = end => text.ReadEnd = end };
    }
}
