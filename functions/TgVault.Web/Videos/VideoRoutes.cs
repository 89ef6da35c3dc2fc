using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using TgVault.Core;
using TgVault.Core.Ingest;
using TgVault.Core.Library;
using TgVault.Core.Videos;

namespace TgVault.Web.Videos;

/// <summary>Looking at, changing and removing videos.</summary>
internal sealed class VideoRoutes(ILibrary library, IIngestScheduler scheduler, TimeProvider time, ILogger<VideoRoutes> log)
{
    const int DefaultLimit = 50;
    const int MaxLimit = 200;

    public async Task<IResult> ListVideos(HttpContext context)
    {
        var query = context.Request.Query;
        var limit = DefaultLimit;
        if (
            query.ContainsKey("limit")
            && (!int.TryParse(query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxLimit)
        )
            return new Problem(StatusCodes.Status400BadRequest, $"limit must be a whole number from 1 to {MaxLimit}.");
        try
        {
            var page = await library.ListAsync(
                new VideoQuery(Given("folder"), Given("tag"), limit, Given("continuation")),
                context.RequestAborted
            );
            return VaultJson.Answer(new VideoPageView([.. page.Videos.Select(VideoView.Of)], page.Continuation));
        }
        catch (FormatException)
        {
            return new Problem(StatusCodes.Status400BadRequest, "continuation is not one that this list gave.");
        }

        string? Given(string name) => query[name].ToString() is { Length: > 0 } text ? text : null;
    }

    public async Task<IResult> ShowVideo(HttpContext context) =>
        IdOf(context) is { } id && await library.FindAsync(id, context.RequestAborted) is { } video
            ? VaultJson.Answer(VideoView.Of(video))
            : Problem.NoSuchVideo;

    public async Task<IResult> ChangeVideo(HttpContext context)
    {
        if (IdOf(context) is not { } id)
            return Problem.NoSuchVideo;
        var (body, problem) = await JsonBody.ReadAsync(context, "name", "folder", "tags", "description");
        if (body is null)
            return problem!;
        var name = body.Text("name", 4096, isRaw: true);
        // Checked before the first read of the row, so that a bad request costs no storage.
        _ = VideoFields.Apply(body, new Video { Id = id, Name = "" });
        if (body.Problem is { } wrong)
            return wrong;
        var changed = await library.ChangeAsync(
            id,
            video =>
                video.Status == VideoStatus.Deleting
                    ? null
                    : VideoFields.Apply(body, video) with
                    {
                        Name = name is null ? video.Name : VideoName.Clean(name),
                        Updated = time.GetUtcNow(),
                        // A vault recovered from the channel must have the new name too.
                        IsManifestStale = video.IsManifestStale || video.Manifest is not null,
                    },
            context.RequestAborted
        );
        if (changed is { NeedsAmending: true })
            await scheduler.AmendAsync(id, context.RequestAborted);
        return changed switch
        {
            null => Problem.NoSuchVideo,
            { Status: VideoStatus.Deleting } => new Problem(StatusCodes.Status409Conflict, "This video is being removed."),
            _ => VaultJson.Answer(VideoView.Of(changed)),
        };
    }

    public async Task<IResult> RemoveVideo(HttpContext context)
    {
        if (IdOf(context) is not { } id || await library.FindAsync(id, context.RequestAborted) is not { } video)
            return Problem.NoSuchVideo;
        log.RemovalAsked(id);
        await scheduler.RemoveAsync(id, context.RequestAborted);
        // Small videos may be gone by now.
        var now = await library.FindAsync(id, context.RequestAborted) ?? video with { Status = VideoStatus.Deleting };
        return VaultJson.Answer(VideoView.Of(now), StatusCodes.Status202Accepted);
    }

    public async Task<IResult> RetryVideo(HttpContext context)
    {
        if (IdOf(context) is not { } id || await library.FindAsync(id, context.RequestAborted) is not { } video)
            return Problem.NoSuchVideo;
        if (video.Status != VideoStatus.Failed)
            return new Problem(StatusCodes.Status409Conflict, $"Only a failed video can be tried again; this one is {Word(video.Status)}.");
        log.RetryAsked(id);
        await scheduler.RetryAsync(id, context.RequestAborted);
        return await library.FindAsync(id, context.RequestAborted) is { } now
            ? VaultJson.Answer(VideoView.Of(now), StatusCodes.Status202Accepted)
            : Problem.NoSuchVideo;
    }

    static VideoId? IdOf(HttpContext context) => VideoId.TryParse(context.GetRouteValue("id") as string);

    static string Word(VideoStatus status) =>
        status switch
        {
            VideoStatus.Waiting => "waiting",
            VideoStatus.Ingesting => "being ingested",
            VideoStatus.Ready => "ready",
            _ => "being removed",
        };
}

/// <summary>Videos newest first; <paramref name="Continuation"/> asks for the next page and is absent on the last.</summary>
public sealed record VideoPageView(IReadOnlyList<VideoView> Videos, string? Continuation);
