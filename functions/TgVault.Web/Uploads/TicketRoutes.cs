using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using TgVault.Core;
using TgVault.Core.Library;
using TgVault.Core.Settings;
using TgVault.Core.Tickets;
using TgVault.Core.Videos;
using TgVault.Web.Http;
using TgVault.Web.Http.Problems;
using TgVault.Web.Reach;
using TgVault.Web.Videos;

namespace TgVault.Web.Uploads;

/// <summary>
/// Uploads from pages of other sites: a site's backend asks for a ticket, which a browser uses once. The ticket is all that it needs; it
/// permits nothing but its one file, and shows nothing but what becomes of that.
/// </summary>
internal sealed partial class TicketRoutes(
    TicketBook tickets,
    ILibrary library,
    UploadRoutes uploads,
    ProgressRoutes progress,
    VaultSettings settings,
    VaultUrls urls,
    TimeProvider time,
    ILogger<TicketRoutes> log
)
{
    static readonly Problem NoSuchTicket = new(StatusCodes.Status404NotFound, "There is no such ticket, or it ended long ago.");

    public async Task<IResult> MakeTicket(HttpContext context)
    {
        var (body, problem) = await JsonBody.ReadAsync<NewTicket>(context);
        if (body is null)
            return problem!;
        var details = VideoFields.Apply(body, new VideoDetails { Name = "" });
        var mostBytes = body.Number("maxSize", 1, settings.Uploads.MaxBytes) ?? settings.Uploads.MaxBytes;
        var ttl = body.Number("ttl", 1, (long)TicketBook.LongestLifetime.TotalSeconds) ?? NewTicket.DefaultTtl;
        var wanted = new Ticket("", default, mostBytes)
        {
            Types = TypesOf(body),
            Folder = details.Folder,
            Tags = details.Tags,
            Description = details.Description,
        };
        if (body.Problem is { } wrong)
            return wrong;
        var (ticket, text) = await tickets.MakeAsync(wanted, TimeSpan.FromSeconds(ttl), context.RequestAborted);
        return VaultJson.Answer(
            new TicketView(
                ticket.Id,
                $"{urls.BaseForOthers(context.Request)}/t/{text}",
                ticket.Expires,
                ticket.MostBytes,
                ticket.Types,
                ticket.Folder,
                ticket.Tags,
                ticket.Description
            ),
            StatusCodes.Status201Created
        );
    }

    public async Task<IResult> RemoveTicket(HttpContext context) =>
        await tickets.RemoveAsync(context.GetRouteValue("id") as string ?? "", context.RequestAborted)
            ? TypedResults.NoContent()
            : new Problem(StatusCodes.Status404NotFound, "There is no ticket with this id.");

    public async Task<IResult> UseTicket(HttpContext context)
    {
        var text = TextOf(context);
        if (await tickets.FindAsync(text, context.RequestAborted) is not { } ticket)
            return NoSuchTicket;
        if (ticket.Expires <= time.GetUtcNow())
            return new Problem(StatusCodes.Status410Gone, "This ticket has expired. Ask the site for another.")
            {
                Code = ProblemCode.TicketExpired,
            };
        var (body, problem) = await JsonBody.ReadAsync<TicketFile>(context);
        if (body is null)
            return problem!;
        var now = time.GetUtcNow();
        var video = new Video
        {
            Id = VideoId.New(now),
            Details = new VideoDetails
            {
                Name = VideoName.Clean(body.Text("name", VideoFields.MaxNameSent, isRequired: true, isRaw: true)),
            },
            Upload = new VideoUpload
            {
                SizeBytes = body.Number("size", 1, long.MaxValue, isRequired: true) ?? 0,
                ContentType = UploadRoutes.ContentType(body),
            },
            Life = VideoLife.Announced,
            Updated = now,
        };
        if (body.Problem is { } wrong)
            return wrong;
        if (Refuse(ticket, video) is { } refusal)
            return refusal;
        var announced = await tickets.UseAsync(text, video, context.RequestAborted);
        if (announced is null)
            return new Problem(
                StatusCodes.Status409Conflict,
                "This ticket was used for another file already, or its video was removed. Ask the site for another."
            )
            {
                Code = ProblemCode.TicketUsed,
            };
        if (announced.Id == video.Id)
            log.UploadAnnounced(video.Id, video.Upload.SizeBytes);
        return VaultJson.Answer(await ViewAsync(context, announced));
    }

    public async Task<IResult> ShowTicket(HttpContext context)
    {
        if (await tickets.FindAsync(TextOf(context), context.RequestAborted) is not { } ticket)
            return NoSuchTicket;
        var video = await FindVideoAsync(ticket, context.RequestAborted);
        return VaultJson.Answer(
            new TicketStateView(ticket.Expires, ticket.MostBytes, ticket.Types, video is null ? null : TicketVideoView.Of(video))
        );
    }

    public async Task<IResult> FollowTicket(HttpContext context)
    {
        if (await tickets.FindAsync(TextOf(context), context.RequestAborted) is not { } ticket)
            return NoSuchTicket;
        return await FindVideoAsync(ticket, context.RequestAborted) is { } video
            ? progress.Follow(video, TicketVideoView.Of)
            : Problem.NotReady("Nothing was announced with this ticket, or its video was removed.");
    }

    static Problem? Refuse(Ticket ticket, Video video)
    {
        if (video.Upload.SizeBytes > ticket.MostBytes)
            return new Problem(
                StatusCodes.Status413PayloadTooLarge,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"This file has {video.Upload.SizeBytes} bytes, and this ticket is for one of at most {ticket.MostBytes}."
                )
            );
        return ticket.Allows(video.Details.Name, video.Upload.ContentType)
            ? null
            : new Problem(
                StatusCodes.Status415UnsupportedMediaType,
                $"This ticket is for files of these kinds: {string.Join(", ", ticket.Types)}."
            );
    }

    async Task<TicketUploadView> ViewAsync(HttpContext context, Video video)
    {
        // What has arrived is not to be replaced.
        var upload = video is { Life.Status: VideoStatus.Waiting, Upload.Source: null }
            ? await uploads.PermitAsync(context.Request, video.Id, context.RequestAborted)
            : null;
        return new TicketUploadView(video.Id, video.Details.Name, video.Upload.SizeBytes, video.Life.Status, upload?.Url, upload?.Expires);
    }

    async Task<Video?> FindVideoAsync(Ticket ticket, CancellationToken cancellationToken) =>
        ticket.Use is { } use ? await library.FindAsync(use.Video, cancellationToken) : null;

    static string TextOf(HttpContext context) => context.GetRouteValue("ticket") as string ?? "";

    static ImmutableArray<string> TypesOf(JsonBody body)
    {
        var types = body.Texts("types", NewTicket.MaxTypes, NewTicket.MaxType) ?? [];
        if (!types.All(type => Type().IsMatch(type)))
            body.Refuse("types", "may hold media types such as video/mp4 or video/*, and endings such as .mp4");
        return [.. types];
    }

    [GeneratedRegex(@"^(\.[\w-]+|[\w!#$&^.+-]+/([\w!#$&^.+-]+|\*))\z")]
    private static partial Regex Type();
}
