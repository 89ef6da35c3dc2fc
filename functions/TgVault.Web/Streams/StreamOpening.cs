using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using TgVault.Core;
using TgVault.Core.Links;
using TgVault.Core.Playback.Open;
using TgVault.Core.Videos;
using TgVault.Web.Http;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Streams;

/// <summary>The row of a ready video, or why there is nothing to stream. The whole answer goes by this one row.</summary>
internal readonly record struct StreamedVideo(Video? Row, Problem? Problem)
{
    [MemberNotNullWhen(false, nameof(Row))]
    [MemberNotNullWhen(true, nameof(Problem))]
    public bool IsRefused => Row is null;
}

/// <summary>
/// What every route begins with that gives bytes of a video: CORS, what the link permits, and whether the video is ready.
/// </summary>
internal sealed class StreamOpening(OpenVideos videos)
{
    /// <summary>The link in the path, which the gate has checked.</summary>
    public static VideoLink LinkOf(HttpContext context) =>
        context.Features.Get<VideoLink>() ?? throw new InvalidOperationException("bug: no link was checked");

    /// <summary>Finds the video, if it is ready and may be streamed this way.</summary>
    /// <param name="link">Null where the API key was given, which permits everything.</param>
    /// <param name="kinds">Any of these is enough.</param>
    /// <param name="what">What a link may not permit, as an object of that sentence.</param>
    public async ValueTask<StreamedVideo> FindAsync(
        HttpContext context,
        VideoId id,
        VideoLink? link,
        ImmutableArray<LinkKind> kinds,
        string what
    )
    {
        Cors.Allow(context, link?.Origins);
        if (link is not null && !kinds.Any(link.Allows))
            return new StreamedVideo(null, new Problem(StatusCodes.Status403Forbidden, $"This link does not permit {what}."));
        var row = await videos.FindAsync(id, context.RequestAborted);
        return row is { Life.Status: VideoStatus.Ready } ? new StreamedVideo(row, null) : new StreamedVideo(null, Explain(row));
    }

    static Problem Explain(Video? video) =>
        video?.Life.Status switch
        {
            VideoStatus.Waiting => Problem.NotReady("This video has not been uploaded completely yet."),
            VideoStatus.Ingesting => Problem.NotReady("This video is still being stored. It plays as soon as that is done."),
            VideoStatus.Failed => new Problem(
                StatusCodes.Status409Conflict,
                "Storing this video failed, so there is nothing to play. Its owner can see why and try again."
            )
            {
                Code = ProblemCode.IngestFailed,
            },
            _ => Problem.NoSuchVideo,
        };
}
