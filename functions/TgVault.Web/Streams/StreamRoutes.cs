using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using TgVault.Core;
using TgVault.Core.Catalogue;
using TgVault.Core.Links;
using TgVault.Core.Playback;

namespace TgVault.Web.Streams;

/// <summary>Byte ranges of ready videos.</summary>
internal sealed class StreamRoutes(VideoReader reader, Gate gate, VaultSettings settings, ILogger<StreamRoutes> log)
{
    /// <summary>By a link in the path.</summary>
    public async Task<IResult> StreamVideo(HttpContext context)
    {
        if (HttpMethods.IsOptions(context.Request.Method)) return await PreflightAsync(context);
        var link = context.Features.Get<VideoLink>() ?? throw new InvalidOperationException("bug: no link was checked");
        return await StreamAsync(context, link.Video, link);
    }

    /// <summary>By id, with the API key or a link in the query.</summary>
    public async Task<IResult> StreamFile(HttpContext context)
    {
        if (HttpMethods.IsOptions(context.Request.Method)) return await PreflightAsync(context);
        var link = context.Features.Get<VideoLink>();
        if (VideoId.TryParse(context.Request.Query["file_id"].ToString()) is not { } id) return Problem.NoSuchVideo;
        if (link is not null && link.Video != id) return new Problem(StatusCodes.Status403Forbidden, "This link is for another video.");
        return await StreamAsync(context, id, link);
    }

    async Task<IResult> PreflightAsync(HttpContext context) => StreamCors.Preflight(context, (await gate.FindLinkAsync(context))?.Origins);

    async Task<IResult> StreamAsync(HttpContext context, VideoId id, VideoLink? link)
    {
        StreamCors.Allow(context, link?.Origins);
        if (link is not null && !link.Allows(LinkKind.Mp4)) return new Problem(StatusCodes.Status403Forbidden, "This link does not permit the video file itself.");
        var video = await reader.FindAsync(id, context.RequestAborted);
        var stream = video is { Status: VideoStatus.Ready } ? await reader.OpenAsync(id, context.RequestAborted) : null;
        return stream is null ? Explain(video) : new VideoResult(stream, settings.Playback.WindowBytes, log);
    }

    static Problem Explain(Video? video) => video?.Status switch
    {
        VideoStatus.Waiting => new Problem(StatusCodes.Status409Conflict, "This video has not been uploaded completely yet."),
        VideoStatus.Ingesting => new Problem(StatusCodes.Status409Conflict, "This video is still being stored. It plays as soon as that is done."),
        VideoStatus.Failed => new Problem(StatusCodes.Status409Conflict, "Storing this video failed, so there is nothing to play. Its owner can see why and try again."),
        _ => Problem.NoSuchVideo,
    };
}
