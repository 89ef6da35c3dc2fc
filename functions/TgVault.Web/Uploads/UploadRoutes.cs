using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using TgVault.Core;
using TgVault.Core.Library;
using TgVault.Core.Settings;
using TgVault.Core.Staging;
using TgVault.Core.Videos;
using TgVault.Web.Videos;

namespace TgVault.Web.Uploads;

/// <summary>Permission to upload: the bytes themselves go straight to blob storage.</summary>
internal sealed class UploadRoutes(ILibrary library, IStaging staging, VaultSettings settings, TimeProvider time, ILogger<UploadRoutes> log)
{
    // A name is cleaned, not refused; this only bounds the cleaning.
    const int MaxNameSent = 4096;

    public async Task<IResult> CreateUpload(HttpContext context)
    {
        var (body, problem) = await JsonBody.ReadAsync(context, "name", "size", "contentType", "folder", "tags", "description");
        if (body is null)
            return problem!;
        var now = time.GetUtcNow();
        var video = new Video
        {
            Id = VideoId.New(now),
            Name = VideoName.Clean(body.Text("name", MaxNameSent, isRequired: true, isRaw: true)),
            SizeBytes = body.Number("size", 0, settings.Uploads.MaxBytes, isRequired: true) ?? 0,
            ContentType = ContentType(body),
            Status = VideoStatus.Waiting,
            Updated = now,
        };
        video = VideoFields.Apply(body, video);
        if (body.Problem is { } wrong)
            return wrong;

        var ticket = await staging.CreateUploadAsync(video.Id, Lifetime, context.RequestAborted);
        if (!await library.TryAddAsync(video, context.RequestAborted))
            throw new InvalidOperationException($"bug: video {video.Id} exists already");
        log.UploadAnnounced(video.Id, video.SizeBytes);
        context.Response.Headers.Location = $"/api/videos/{video.Id}";
        return VaultJson.Answer(View(video, ticket), StatusCodes.Status201Created);
    }

    /// <summary>A new URL for an upload that was interrupted for longer than its URL was good.</summary>
    public async Task<IResult> RenewUpload(HttpContext context)
    {
        if (VideoId.TryParse(context.GetRouteValue("id") as string) is not { } id)
            return Problem.NoSuchVideo;
        var video = await library.FindAsync(id, context.RequestAborted);
        if (video is null)
            return Problem.NoSuchVideo;
        if (video is not { Status: VideoStatus.Waiting, Source: null })
            return new Problem(StatusCodes.Status409Conflict, "This upload has arrived already; announce a new one.");
        return VaultJson.Answer(View(video, await staging.CreateUploadAsync(id, Lifetime, context.RequestAborted)));
    }

    TimeSpan Lifetime => TimeSpan.FromMinutes(settings.Uploads.LifetimeMinutes);

    static string ContentType(JsonBody body)
    {
        const string Unknown = "application/octet-stream";
        if (body.Text("contentType", 255) is not { Length: > 0 } text)
            return Unknown;
        if (MediaTypeHeaderValue.TryParse(text, out var type) && !type.MatchesAllTypes && !type.MatchesAllSubTypes)
            return type.ToString();
        body.Refuse("contentType", "is not a media type");
        return Unknown;
    }

    static UploadView View(Video video, UploadTicket ticket) =>
        new(video.Id.ToString(), video.Name, video.SizeBytes, video.Status, ticket.Url.AbsoluteUri, ticket.Expires);
}

/// <summary>Where to upload to.</summary>
/// <param name="UploadUrl">Takes Put Block and Put Block List, or one Put Blob with the header <c>x-ms-blob-type: BlockBlob</c>. A secret until it expires.</param>
public sealed record UploadView(string Id, string Name, long Size, VideoStatus Status, string UploadUrl, DateTimeOffset Expires);
