using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using TgVault.Core;
using TgVault.Core.Links;
using TgVault.Core.Playback.Open;
using TgVault.Core.Videos;
using TgVault.Web.Http;

namespace TgVault.Web.Streams;

/// <summary>A ready video's stream, or why there is none.</summary>
internal readonly record struct OpenedStream(VideoStream? Stream, Problem? Problem)
{
    [MemberNotNullWhen(false, nameof(Stream))]
    [MemberNotNullWhen(true, nameof(Problem))]
    public bool IsRefused => Stream is null;
}

/// <summary>
/// What every route begins with that gives bytes of a video: CORS, what the link permits, and whether the video is ready.
/// </summary>
internal sealed class StreamOpening(OpenVideos reader)
{
    /// <summary>The link in the path, which the gate has checked.</summary>
    public static VideoLink LinkOf(HttpContext context) =>
        context.Features.Get<VideoLink>() ?? throw new InvalidOperationException("bug: no link was checked");

    /// <summary>Opens the video; the caller disposes the stream.</summary>
    /// <param name="link">Null where the API key was given, which permits everything.</param>
    /// <param name="kinds">Any of these is enough.</param>
    /// <param name="what">What a link may not permit, as an object of that sentence.</param>
    public async Task<OpenedStream> OpenAsync(HttpContext context, VideoId id, VideoLink? link, ImmutableArray<LinkKind> kinds, string what)
    {
        Cors.Allow(context, link?.Origins);
        if (link is not null && !kinds.Any(link.Allows))
            return Refused(new Problem(StatusCodes.Status403Forbidden, $"This link does not permit {what}."));
        var video = await reader.FindAsync(id, context.RequestAborted);
        var stream = video is { Life.Status: VideoStatus.Ready } ? await reader.OpenAsync(id, context.RequestAborted) : null;
        return stream is null ? Refused(Explain(video)) : new OpenedStream(stream, null);
    }

    static OpenedStream Refused(Problem problem) => new(null, problem);

    static Problem Explain(Video? video) =>
        video?.Life.Status switch
        {
            VideoStatus.Waiting => new Problem(StatusCodes.Status409Conflict, "This video has not been uploaded completely yet."),
            VideoStatus.Ingesting => new Problem(
                StatusCodes.Status409Conflict,
                "This video is still being stored. It plays as soon as that is done."
            ),
            VideoStatus.Failed => new Problem(
                StatusCodes.Status409Conflict,
                "Storing this video failed, so there is nothing to play. Its owner can see why and try again."
            ),
            _ => Problem.NoSuchVideo,
        };
}
