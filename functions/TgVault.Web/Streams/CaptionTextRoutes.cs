using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using TgVault.Core.Captioning;
using TgVault.Core.Links;
using TgVault.Core.Playback.Captions;
using TgVault.Core.Playback.Open;
using TgVault.Core.Videos;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Streams;

/// <summary>Captions of ready videos, given to pages as one WebVTT file per language.</summary>
internal sealed class CaptionTextRoutes(StreamOpening opening, OpenVideos videos, ILogger<CaptionTextRoutes> log)
{
    // They belong to the video, however it is played.
    static readonly ImmutableArray<LinkKind> Kinds = [LinkKind.Mp4, LinkKind.Hls, LinkKind.Dash, LinkKind.Embed];

    /// <summary>By a link in the path.</summary>
    public async Task<IResult> StreamText(HttpContext context)
    {
        const string extension = ".vtt";
        var link = StreamOpening.LinkOf(context);
        var found = await opening.FindAsync(context, link.Video, link, Kinds, "captions");
        if (found.IsRefused)
            return found.Problem;
        var video = found.Row;
        var file = context.GetRouteValue("file") as string ?? "";
        var language = file.EndsWith(extension, StringComparison.Ordinal) ? file[..^extension.Length] : "";
        var companion = CaptionReader.Find(video, language);
        // Who was just told that they are stored may ask before the row that is kept here has them.
        if (companion is null && await videos.FindNowAsync(link.Video, context.RequestAborted) is { Life.Status: VideoStatus.Ready } newer)
            (video, companion) = (newer, CaptionReader.Find(newer, language));
        return companion is not null && await videos.OpenAsync(video, companion.Number, context.RequestAborted) is { } text
            ? new ByteResult(text, video, CaptionText.ServedType, $"-{companion.Number}", log)
            : new Problem(StatusCodes.Status404NotFound, "This video has no captions of this name.");
    }
}
