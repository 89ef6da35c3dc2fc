using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using TgVault.Core;
using TgVault.Core.Links;
using TgVault.Core.Playback.Open;
using TgVault.Core.Settings;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Streams;

/// <summary>Byte ranges of ready videos.</summary>
internal sealed class StreamRoutes(StreamOpening opening, OpenVideos videos, VaultSettings settings, ILogger<StreamRoutes> log)
{
    static readonly ImmutableArray<LinkKind> Kinds = [LinkKind.Mp4];

    /// <summary>By a link in the path.</summary>
    public async Task<IResult> StreamVideo(HttpContext context)
    {
        var link = StreamOpening.LinkOf(context);
        return await StreamAsync(context, link.Video, link);
    }

    /// <summary>By id, with the API key or a link in the query.</summary>
    public async Task<IResult> StreamFile(HttpContext context)
    {
        var link = context.Features.Get<VideoLink>();
        var asked = context.Request.Query["file_id"].ToString();
        if (asked.Length == 0)
            return new Problem(StatusCodes.Status400BadRequest, "file_id must be the id of a video.");
        if (VideoId.TryParse(asked) is not { } id)
            return Problem.NoSuchVideo;
        if (link is not null && link.Video != id)
            return new Problem(StatusCodes.Status403Forbidden, "This link is for another video.");
        return await StreamAsync(context, id, link);
    }

    async Task<IResult> StreamAsync(HttpContext context, VideoId id, VideoLink? link)
    {
        var found = await opening.FindAsync(context, id, link, Kinds, "the video file itself");
        if (found.IsRefused)
            return found.Problem;
        if (await videos.OpenAsync(found.Row, context.RequestAborted) is not { } stream)
            return Problem.NoSuchVideo;
        return new ByteResult(stream, found.Row, VideoHeaders.Set(context, found.Row), "", log)
        {
            WindowBytes = settings.Playback.WindowBytes,
        };
    }
}
