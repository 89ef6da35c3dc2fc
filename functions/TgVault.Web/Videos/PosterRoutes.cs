using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using TgVault.Core;
using TgVault.Core.Engine;
using TgVault.Core.Library;
using TgVault.Core.Upkeep;
using TgVault.Core.Videos;
using TgVault.Web.Http;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Videos;

/// <summary>Which picture is to be a video's poster. Names the request's fields and their limits.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record NewPoster(
    [Description("Seconds from the beginning, fractions too; the picture that is on the screen then.")]
    [Range(0, double.PositiveInfinity)]
        double At
);

/// <summary>Posters of ready videos: chosen from the video, or put; and pictures made of videos that have none.</summary>
internal sealed class PosterRoutes(ILibrary library, IPosters posters, IIngestScheduler scheduler, ILogger<PosterRoutes> log)
{
    static readonly string[] Types = ["image/jpeg", "image/png"];

    /// <summary>From a moment of the video.</summary>
    public async Task<IResult> ChoosePoster(HttpContext context)
    {
        if (VideoId.TryParse(context.GetRouteValue("id") as string) is not { } id)
            return Problem.NoSuchVideo;
        var (body, problem) = await JsonBody.ReadAsync<NewPoster>(context);
        if (body is null)
            return problem!;
        var at = body.Fraction("at", 0, isRequired: true);
        if (body.Problem is { } wrong)
            return wrong;
        return await AnswerAsync(
            context,
            id,
            wanted => posters.TakeAsync(id, at!.Value, wanted, context.RequestAborted),
            StatusCodes.Status409Conflict
        );
    }

    /// <summary>From a picture in the body.</summary>
    public async Task<IResult> PutPoster(HttpContext context)
    {
        if (VideoId.TryParse(context.GetRouteValue("id") as string) is not { } id)
            return Problem.NoSuchVideo;
        var type = MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var given) ? given.MediaType.Value : null;
        if (!Types.Contains(type, StringComparer.OrdinalIgnoreCase))
            return new Problem(StatusCodes.Status415UnsupportedMediaType, "Send a picture as image/jpeg or image/png.");
        if (await ReadAsync(context) is not { } image)
            return new Problem(StatusCodes.Status413PayloadTooLarge, $"A picture may have up to {IPosters.MostBytes >> 20} MiB.");
        return await AnswerAsync(
            context,
            id,
            wanted => posters.PutAsync(id, image, wanted, context.RequestAborted),
            StatusCodes.Status400BadRequest
        );
    }

    /// <summary>Poster and storyboard, of what is stored.</summary>
    public async Task<IResult> MakePictures(HttpContext context)
    {
        if (
            VideoId.TryParse(context.GetRouteValue("id") as string) is not { } id
            || await library.FindAsync(id, context.RequestAborted) is not { } video
        )
            return Problem.NoSuchVideo;
        var condition = new VideoCondition(context);
        if (condition.Refuse(video) is { } isAnother)
            return isAnother;
        if (WhyNot(video) is { } reason)
            return reason;
        if (await posters.MakeAsync(id, condition.Allows, context.RequestAborted) is not { } changed)
            return condition.Refusal ?? Problem.BeingRemoved;
        log.PicturesAsked(id);
        await scheduler.AmendAsync(id, context.RequestAborted);
        return new VideoResult(changed, StatusCodes.Status202Accepted);
    }

    async Task<IResult> AnswerAsync(HttpContext context, VideoId id, Func<Func<Video, bool>, Task<Companion?>> make, int whereItFails)
    {
        if (await library.FindAsync(id, context.RequestAborted) is not { } video)
            return Problem.NoSuchVideo;
        var condition = new VideoCondition(context);
        if (condition.Refuse(video) is { } isAnother)
            return isAnother;
        if (WhyNot(video) is { } reason)
            return reason;
        try
        {
            if (await make(condition.Allows) is null)
                return condition.Refusal ?? Problem.BeingRemoved;
        }
        catch (MediaException exception)
        {
            return new Problem(whereItFails, exception.Message);
        }
        catch (VaultException exception) when (exception is not (ChunkStoreException or IntegrityException or StorageException))
        {
            return new Problem(StatusCodes.Status409Conflict, exception.Message);
        }

        log.PosterChosen(id);
        await scheduler.AmendAsync(id, context.RequestAborted);
        return await library.FindAsync(id, context.RequestAborted) is { } now
            ? new VideoResult(now, StatusCodes.Status202Accepted)
            : Problem.NoSuchVideo;
    }

    static Problem? WhyNot(Video video) =>
        video switch
        {
            { Life.Status: VideoStatus.Trashed } => Problem.InTrash,
            { Life.Status: not VideoStatus.Ready } => Problem.NotReady("A poster can be chosen once the video is ready."),
            { Inspection.Decision.Action: MediaAction.KeepAsFile } or { Files.Prepared.Media: null } => Problem.NotPlayable(
                "This is kept as a file to download; it has no poster."
            ),
            _ => null,
        };

    /// <summary>The whole body; null where it is too large.</summary>
    static async Task<byte[]?> ReadAsync(HttpContext context)
    {
        if (context.Request.ContentLength > IPosters.MostBytes)
            return null;
        using var read = new MemoryStream();
        var piece = new byte[64 << 10];
        while (await context.Request.Body.ReadAsync(piece, context.RequestAborted) is > 0 and var length)
        {
            if (read.Length + length > IPosters.MostBytes)
                return null;
            read.Write(piece, 0, length);
        }

        return read.ToArray();
    }
}
