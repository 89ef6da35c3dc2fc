using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using TgVault.Core;
using TgVault.Core.Library;
using TgVault.Core.Requests;
using TgVault.Core.Settings;
using TgVault.Core.Staging;
using TgVault.Core.Videos;
using TgVault.Core.Waiting;
using TgVault.Web.Http;
using TgVault.Web.Http.Problems;
using TgVault.Web.Reach;
using TgVault.Web.Videos;

namespace TgVault.Web.Uploads;

/// <summary>Permission to upload: the bytes themselves go to where the URL leads, blob storage or the vault's own port.</summary>
internal sealed class UploadRoutes(
    ILibrary library,
    IStaging staging,
    VaultSettings settings,
    VaultUrls urls,
    RequestKeys requests,
    StoringTimes times,
    TimeProvider time,
    ILogger<UploadRoutes> log
)
{
    const string Announcing = "upload";

    public async Task<IResult> CreateUpload(HttpContext context)
    {
        var (body, problem) = await JsonBody.ReadAsync<NewUpload>(context);
        if (body is null)
            return problem!;
        var (key, badKey) = IdempotencyKey.Of(context.Request);
        if (badKey is not null)
            return badKey;
        var now = time.GetUtcNow();
        var name = VideoName.Clean(body.Text("name", VideoFields.MaxNameSent, isRequired: true, isRaw: true));
        var video = new Video
        {
            Id = VideoId.New(now),
            Details = VideoFields.Apply(body, new VideoDetails { Name = name }),
            Upload = new VideoUpload
            {
                SizeBytes = body.Number("size", 1, settings.Uploads.MaxBytes, isRequired: true) ?? 0,
                ContentType = ContentType(body),
            },
            Life = VideoLife.Announced,
            Updated = now,
        };
        if (body.Problem is { } wrong)
            return wrong;
        RequestClaim? claim = null;
        if (key is not null)
        {
            (claim, var answer) = await IdempotencyKey.ClaimAsync(
                requests,
                Announcing,
                key,
                body.Content,
                video.Id.ToString(),
                async id =>
                    await library.FindAsync(VideoId.Parse(id), context.RequestAborted) is { } announced
                        ? await AnnouncedAsync(context, announced)
                        : null,
                context.RequestAborted
            );
            if (answer is not null)
                return answer;
        }

        await AddAsync(video, key, context.RequestAborted);
        if (claim is not null)
            await requests.MadeAsync(claim, CancellationToken.None);
        return await AnnouncedAsync(context, video);
    }

    async Task AddAsync(Video video, string? key, CancellationToken cancellationToken)
    {
        try
        {
            if (!await library.TryAddAsync(video, cancellationToken))
                throw new InvalidOperationException($"bug: video {video.Id} exists already");
        }
        catch (VaultException) when (key is not null)
        {
            // A full disk, mostly: the same request is to work once there is room.
            await requests.ForgetAsync(Announcing, key, CancellationToken.None);
            throw;
        }

        log.UploadAnnounced(video.Id, video.Upload.SizeBytes);
    }

    /// <summary>The answer to an announcement, also to one that is sent once more.</summary>
    async Task<IResult> AnnouncedAsync(HttpContext context, Video video)
    {
        var permit = await PermitAsync(context.Request, video.Id, context.RequestAborted);
        context.Response.Headers.Location = $"/api/videos/{video.Id}";
        return VaultJson.Answer(await ViewAsync(video, permit, context.RequestAborted), StatusCodes.Status201Created);
    }

    /// <summary>A new URL for an upload that was interrupted for longer than its URL was good.</summary>
    public async Task<IResult> RenewUpload(HttpContext context)
    {
        if (VideoId.TryParse(context.GetRouteValue("id") as string) is not { } id)
            return Problem.NoSuchVideo;
        var video = await library.FindAsync(id, context.RequestAborted);
        if (video is null)
            return Problem.NoSuchVideo;
        if (video is not { Life.Status: VideoStatus.Waiting, Upload.Source: null })
            return new Problem(StatusCodes.Status409Conflict, "This upload has arrived already; announce a new one.")
            {
                Code = ProblemCode.AlreadyUploaded,
            };
        var permit = await PermitAsync(context.Request, id, context.RequestAborted);
        return VaultJson.Answer(await ViewAsync(video, permit, context.RequestAborted));
    }

    /// <summary>A URL that takes the bytes of one upload, as others reach it.</summary>
    public async Task<PermittedUpload> PermitAsync(HttpRequest request, VideoId id, CancellationToken cancellationToken)
    {
        var lifetime = TimeSpan.FromMinutes(settings.Uploads.LifetimeMinutes);
        var permit = await staging.CreateUploadAsync(id, lifetime, cancellationToken);
        var path = permit.Url.IsAbsoluteUri ? null : permit.Url.OriginalString;
        // It may be handed on to a page or a phone, like a link.
        return new PermittedUpload(path is null ? permit.Url.AbsoluteUri : urls.BaseForOthers(request) + path, path, permit.Expires);
    }

    /// <summary>The body's media type; what a file is where nobody says, if it has none or one at fault.</summary>
    public static string ContentType(JsonBody body)
    {
        if (body.Text("contentType", NewUpload.MaxContentType) is not { Length: > 0 } text)
            return VideoUpload.UnknownType;
        if (MediaTypeHeaderValue.TryParse(text, out var type) && !type.MatchesAllTypes && !type.MatchesAllSubTypes)
            return type.ToString();
        body.Refuse("contentType", "is not a media type");
        return VideoUpload.UnknownType;
    }

    async Task<UploadView> ViewAsync(Video video, PermittedUpload permit, CancellationToken cancellationToken) =>
        new(
            video.Id,
            video.Details.Name,
            video.Upload.SizeBytes,
            video.Life.Status,
            permit.Url,
            permit.Path,
            permit.Expires,
            await times.FindAsync(video.Upload.SizeBytes, cancellationToken) is { } time ? Math.Ceiling(time.TotalSeconds) : null
        );
}

/// <summary>Where the bytes of one upload go.</summary>
/// <param name="Url">A secret until it expires.</param>
/// <param name="Path">The same without its beginning, where the vault itself takes them.</param>
internal sealed record PermittedUpload(string Url, string? Path, DateTimeOffset Expires);
