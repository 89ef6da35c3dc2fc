using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using TgVault.Core;
using TgVault.Core.Links;
using TgVault.Core.Playback;
using TgVault.Core.Playback.Open;
using TgVault.Core.Videos;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Streams;

/// <summary>Posters and storyboards of ready videos: below a link for players, by id for the vault's own pages.</summary>
internal sealed class PictureRoutes(StreamOpening opening, OpenVideos videos, PictureReader pictures, ILogger<PictureRoutes> log)
{
    // Whoever may embed a video shows its poster, and what other sites read of an embed page names it.
    static readonly ImmutableArray<LinkKind> Kinds = [LinkKind.Pictures, LinkKind.Embed];

    // An address that names the edition is of these bytes for ever; another may lead to other ones in an hour.
    const string Forever = "private, max-age=31536000, immutable";
    const string ForAnHour = "private, max-age=3600";

    /// <summary>By a link in the path.</summary>
    public Task<IResult> StreamPicture(HttpContext context)
    {
        var link = StreamOpening.LinkOf(context);
        return AnswerAsync(context, link.Video, link);
    }

    /// <summary>By id, with the API key or a session.</summary>
    public async Task<IResult> ShowPicture(HttpContext context) =>
        VideoId.TryParse(context.GetRouteValue("id") as string) is { } id ? await AnswerAsync(context, id, null) : Problem.NoSuchVideo;

    async Task<IResult> AnswerAsync(HttpContext context, VideoId id, VideoLink? link)
    {
        var found = await opening.FindAsync(context, id, link, Kinds, "pictures of the video");
        if (found.IsRefused)
            return found.Problem;
        var video = found.Row;
        var name = context.GetRouteValue("picture") as string ?? "";
        var asked = context.Request.Query[PictureReader.EditionParameter].ToString();
        // Who was just told of a new picture may ask before the row that is kept here has it.
        if (
            asked.Length > 0
            && !PictureReader.Has(video, asked)
            && await videos.FindNowAsync(id, context.RequestAborted) is { Life.Status: VideoStatus.Ready } newer
        )
            video = newer;
        if (await pictures.FindAsync(video, name, context.RequestAborted) is not { } picture)
            return new Problem(StatusCodes.Status404NotFound, "This video has no such picture.");
        var isNamed = asked == picture.Edition;
        return new ByteResult(
            new MemoryStream(picture.Content, writable: false),
            video,
            picture.ContentType,
            $"-{picture.Edition}-{name}",
            log
        )
        {
            CacheControl = isNamed ? Forever : ForAnHour,
        };
    }
}
