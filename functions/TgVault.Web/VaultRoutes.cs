using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TgVault.Core.ApiKeys;
using TgVault.Web.Copies;
using TgVault.Web.Dav;
using TgVault.Web.Health;
using TgVault.Web.Http;
using TgVault.Web.Keys;
using TgVault.Web.Links;
using TgVault.Web.Lists;
using TgVault.Web.Pages;
using TgVault.Web.Sessions;
using TgVault.Web.Staging;
using TgVault.Web.Streams;
using TgVault.Web.Uploads;
using TgVault.Web.Videos;
using TgVault.Web.Webhooks;

namespace TgVault.Web;

/// <summary>
/// Everything the vault answers over HTTP, in one table. Both hosts, the API's description, telemetry and the conformance table
/// read it; a new route is a row here, its handler, and what is said about it.
/// </summary>
internal static class VaultRoutes
{
    static readonly ImmutableArray<KeyScope> ForReading = [KeyScope.All, KeyScope.Read];
    static readonly ImmutableArray<KeyScope> ForUploading = [KeyScope.All, KeyScope.Upload];
    static readonly ImmutableArray<KeyScope> ForBoth = [KeyScope.All, KeyScope.Read, KeyScope.Upload];

    public static ImmutableArray<VaultRoute> All { get; } =
    [
        Manage<UploadRoutes>("CreateUpload", "POST", "api/uploads", routes => routes.CreateUpload, UploadOperations.CreateUpload) with
        {
            Scopes = ForUploading,
        },
        Manage<UploadRoutes>(
            "RenewUpload",
            "POST",
            "api/uploads/{id}/renew",
            routes => routes.RenewUpload,
            UploadOperations.RenewUpload
        ) with
        {
            Scopes = ForUploading,
        },
        Manage<TicketRoutes>("MakeTicket", "POST", "api/tickets", routes => routes.MakeTicket, TicketOperations.MakeTicket) with
        {
            Scopes = ForUploading,
        },
        Manage<TicketRoutes>(
            "RemoveTicket",
            "DELETE",
            "api/tickets/{id}",
            routes => routes.RemoveTicket,
            TicketOperations.RemoveTicket
        ) with
        {
            Scopes = ForUploading,
        },
        Ticket("UseTicket", ["POST", "OPTIONS"], "t/{ticket}", routes => routes.UseTicket, TicketOperations.UseTicket),
        Ticket("ShowTicket", ["GET", "HEAD"], "t/{ticket}", routes => routes.ShowTicket, TicketOperations.ShowTicket),
        Ticket("FollowTicket", ["GET", "OPTIONS"], "t/{ticket}/events", routes => routes.FollowTicket, TicketOperations.FollowTicket),
        Stage("PutUpload", ["PUT", "OPTIONS"], "staging/uploads/{name}", routes => routes.PutUpload, StagingOperations.PutUpload),
        Stage("ReadUpload", ["GET", "HEAD"], "staging/uploads/{name}", routes => routes.RefuseOthers, StagingOperations.ReadUpload),
        Stage("DeleteUpload", ["DELETE"], "staging/uploads/{name}", routes => routes.RefuseOthers, StagingOperations.DeleteUpload),
        Stage("ListUploads", ["GET", "HEAD"], "staging/uploads", routes => routes.RefuseOthers, StagingOperations.ListUploads),
        Manage<VideoRoutes>("ListVideos", "GET", "api/videos", routes => routes.ListVideos, VideoOperations.ListVideos) with
        {
            Scopes = ForReading,
        },
        Manage<ManyRoutes>("ChangeVideos", "PATCH", "api/videos", routes => routes.ChangeVideos, ListOperations.ChangeVideos),
        Manage<ManyRoutes>("RemoveVideos", "POST", "api/videos/removals", routes => routes.RemoveVideos, ListOperations.RemoveVideos),
        Manage<ListRoutes>("ShowLists", "GET", "api/lists", routes => routes.ShowLists, ListOperations.ShowLists) with
        {
            Scopes = ForReading,
        },
        Manage<VideoRoutes>("ShowVideo", "GET", "api/videos/{id}", routes => routes.ShowVideo, VideoOperations.ShowVideo) with
        {
            Scopes = ForBoth,
        },
        Manage<VideoRoutes>("ChangeVideo", "PATCH", "api/videos/{id}", routes => routes.ChangeVideo, VideoOperations.ChangeVideo),
        Manage<VideoRoutes>("RemoveVideo", "DELETE", "api/videos/{id}", routes => routes.RemoveVideo, VideoOperations.RemoveVideo),
        Manage<VideoRoutes>("RestoreVideo", "POST", "api/videos/{id}/restore", routes => routes.RestoreVideo, VideoOperations.RestoreVideo),
        Manage<VideoRoutes>("RetryVideo", "POST", "api/videos/{id}/retry", routes => routes.RetryVideo, VideoOperations.RetryVideo),
        Manage<ProgressRoutes>(
            "FollowVideo",
            "GET",
            "api/videos/{id}/events",
            routes => routes.FollowVideo,
            VideoOperations.FollowVideo
        ) with
        {
            Scopes = ForBoth,
        },
        Manage<LinkRoutes>("LinkVideo", "POST", "api/videos/{id}/links", routes => routes.LinkVideo, LinkOperations.LinkVideo),
        Manage<LinkRoutes>(
            "ListLinksOfVideo",
            "GET",
            "api/videos/{id}/links",
            routes => routes.ListLinksOfVideo,
            LinkOperations.ListLinksOfVideo
        ),
        Manage<LinkRoutes>(
            "RevokeLinksOfVideo",
            "DELETE",
            "api/videos/{id}/links",
            routes => routes.RevokeLinksOfVideo,
            LinkOperations.RevokeLinksOfVideo
        ),
        Manage<LinkRoutes>("ListLinks", "GET", "api/links", routes => routes.ListLinks, LinkOperations.ListLinks),
        Manage<LinkRoutes>("RevokeAllLinks", "DELETE", "api/links", routes => routes.RevokeAllLinks, LinkOperations.RevokeAllLinks) with
        {
            Scopes = [],
        },
        Manage<LinkRoutes>("RevokeLink", "DELETE", "api/links/{linkId}", routes => routes.RevokeLink, LinkOperations.RevokeLink),
        Manage<CaptionRoutes>(
            "PutCaptions",
            "PUT",
            "api/videos/{id}/captions/{language}",
            routes => routes.PutCaptions,
            CaptionOperations.PutCaptions
        ),
        Manage<CaptionRoutes>(
            "RemoveCaptions",
            "DELETE",
            "api/videos/{id}/captions/{language}",
            routes => routes.RemoveCaptions,
            CaptionOperations.RemoveCaptions
        ),
        Manage<PosterRoutes>(
            "ChoosePoster",
            "POST",
            "api/videos/{id}/poster",
            routes => routes.ChoosePoster,
            PosterOperations.ChoosePoster
        ),
        Manage<PosterRoutes>("PutPoster", "PUT", "api/videos/{id}/poster", routes => routes.PutPoster, PosterOperations.PutPoster),
        Manage<PosterRoutes>(
            "MakePictures",
            "POST",
            "api/videos/{id}/pictures",
            routes => routes.MakePictures,
            PosterOperations.MakePictures
        ),
        Manage<CopyRoutes>(
            "CheckCatalogue",
            "POST",
            "api/catalogue/copies",
            routes => routes.CheckCatalogue,
            CopyOperations.CheckCatalogue
        ),
        Manage<CopyRoutes>("CheckCopies", "POST", "api/videos/{id}/copies", routes => routes.CheckCopies, CopyOperations.CheckCopies),
        Look<PictureRoutes>(
            "ShowPicture",
            "api/videos/{id}/pictures/{picture}",
            routes => routes.ShowPicture,
            PosterOperations.ShowPicture
        ) with
        {
            Scopes = ForReading,
        },
        Play<PictureRoutes>(
            "StreamPicture",
            "v/{link}/{picture}",
            Access.Link,
            routes => routes.StreamPicture,
            StreamOperations.StreamPicture
        ),
        Play<StreamRoutes>("StreamVideo", "v/{link}/video.mp4", Access.Link, routes => routes.StreamVideo, StreamOperations.StreamVideo),
        Play<AdaptiveRoutes>("StreamHls", "v/{link}/hls/master.m3u8", Access.Link, routes => routes.StreamHls, StreamOperations.StreamHls),
        Play<CaptionTextRoutes>(
            "StreamText",
            "v/{link}/captions/{file}",
            Access.Link,
            routes => routes.StreamText,
            StreamOperations.StreamText
        ),
        Play<AdaptiveRoutes>(
            "StreamChapters",
            "v/{link}/chapters.vtt",
            Access.Link,
            routes => routes.StreamChapters,
            StreamOperations.StreamChapters
        ),
        Play<AdaptiveRoutes>(
            "StreamCaptions",
            "v/{link}/hls/captions/{language}/{file}",
            Access.Link,
            routes => routes.StreamCaptions,
            StreamOperations.StreamCaptions
        ),
        Play<AdaptiveRoutes>(
            "StreamSegment",
            "v/{link}/hls/{track}/{file}",
            Access.Link,
            routes => routes.StreamSegment,
            StreamOperations.StreamSegment
        ),
        Play<AdaptiveRoutes>(
            "StreamRendition",
            "v/{link}/hls/{rendition}/{track}/{file}",
            Access.Link,
            routes => routes.StreamRendition,
            StreamOperations.StreamRendition
        ),
        Play<AdaptiveRoutes>(
            "StreamDash",
            "v/{link}/dash/manifest.mpd",
            Access.Link,
            routes => routes.StreamDash,
            StreamOperations.StreamDash
        ),
        Play<AdaptiveRoutes>(
            "StreamFragmented",
            "v/{link}/fragmented.mp4",
            Access.Link,
            routes => routes.StreamFragmented,
            StreamOperations.StreamFragmented
        ),
        Play<StreamRoutes>("StreamFile", "api/stream", Access.LinkOrApiKey, routes => routes.StreamFile, StreamOperations.StreamFile) with
        {
            Scopes = ForReading,
        },
        Tell<HealthRoutes>("CheckHealth", "api/health", routes => routes.CheckHealth, HealthOperations.CheckHealth),
        Tell<HealthRoutes>("DescribeApi", "api/openapi.json", routes => routes.DescribeApi, HealthOperations.DescribeApi),
        Tell<PageRoutes>("ShowReference", "api/reference", routes => routes.ShowReference, PageOperations.ShowReference),
        Manage<EmbedRoutes>("PlayVideo", "GET", "api/videos/{id}/player", routes => routes.PlayVideo, EmbedOperations.PlayVideo) with
        {
            Scopes = ForReading,
        },
        Manage<EventRoutes>("FollowLibrary", "GET", "api/events", routes => routes.FollowLibrary, VideoOperations.FollowLibrary) with
        {
            Scopes = ForReading,
        },
        Manage<StatusRoutes>("ShowStatus", "GET", "api/status", routes => routes.ShowStatus, HealthOperations.ShowStatus),
        Manage<RotationRoutes>("ShowRotation", "GET", "api/rotation", routes => routes.ShowRotation, HealthOperations.ShowRotation) with
        {
            Scopes = [],
        },
        Manage<AboutRoutes>("ShowVault", "GET", "api/vault", routes => routes.ShowVault, HealthOperations.ShowVault),
        Manage<KeyRoutes>("ListKeys", "GET", "api/keys", routes => routes.ListKeys, KeyOperations.ListKeys) with
        {
            Scopes = [],
        },
        Manage<KeyRoutes>("MakeKey", "POST", "api/keys", routes => routes.MakeKey, KeyOperations.MakeKey) with
        {
            Scopes = [],
        },
        Manage<KeyRoutes>("RevokeKey", "DELETE", "api/keys/{key}", routes => routes.RevokeKey, KeyOperations.RevokeKey) with
        {
            Scopes = [],
        },
        Manage<LinkKeyRoutes>("ListLinkKeys", "GET", "api/link-keys", routes => routes.ListLinkKeys, LinkKeyOperations.ListLinkKeys) with
        {
            Scopes = [],
        },
        Manage<LinkKeyRoutes>("MakeLinkKey", "POST", "api/link-keys", routes => routes.MakeLinkKey, LinkKeyOperations.MakeLinkKey) with
        {
            Scopes = [],
        },
        Manage<LinkKeyRoutes>(
            "RevokeLinkKey",
            "DELETE",
            "api/link-keys/{key}",
            routes => routes.RevokeLinkKey,
            LinkKeyOperations.RevokeLinkKey
        ) with
        {
            Scopes = [],
        },
        Manage<WebhookRoutes>("ListWebhooks", "GET", "api/webhooks", routes => routes.ListWebhooks, WebhookOperations.ListWebhooks),
        Manage<WebhookRoutes>("MakeWebhook", "POST", "api/webhooks", routes => routes.MakeWebhook, WebhookOperations.MakeWebhook),
        Manage<WebhookRoutes>(
            "ChangeWebhook",
            "PATCH",
            "api/webhooks/{webhook}",
            routes => routes.ChangeWebhook,
            WebhookOperations.ChangeWebhook
        ),
        Manage<WebhookRoutes>(
            "RemoveWebhook",
            "DELETE",
            "api/webhooks/{webhook}",
            routes => routes.RemoveWebhook,
            WebhookOperations.RemoveWebhook
        ),
        Manage<WebhookRoutes>(
            "RotateWebhook",
            "POST",
            "api/webhooks/{webhook}/secrets",
            routes => routes.RotateWebhook,
            WebhookOperations.RotateWebhook
        ),
        Manage<WebhookRoutes>(
            "TestWebhook",
            "POST",
            "api/webhooks/{webhook}/tests",
            routes => routes.TestWebhook,
            WebhookOperations.TestWebhook
        ),
        Manage<WebhookRoutes>(
            "ListDeliveries",
            "GET",
            "api/webhooks/{webhook}/deliveries",
            routes => routes.ListDeliveries,
            WebhookOperations.ListDeliveries
        ),
        Manage<WebhookRoutes>(
            "SendAgain",
            "POST",
            "api/webhooks/{webhook}/deliveries/{message}/tries",
            routes => routes.SendAgain,
            WebhookOperations.SendAgain
        ),
        Mount("Browse", "dav/{**path}", DavOperations.Browse),
        new(
            "ListForPlayers",
            RouteKind.Managing,
            ["GET", "HEAD"],
            "api/videos.m3u8",
            Access.NamedKey,
            LinkOperations.ListForPlayers,
            AnswerOf<PlayerListRoutes>(routes => routes.ListForPlayers)
        )
        {
            Scopes = ForReading,
            Tag = TagOf<PlayerListRoutes>(),
        },
        Tell<OEmbedRoutes>("DescribeEmbed", "api/oembed", routes => routes.DescribeEmbed, EmbedOperations.DescribeEmbed),
        Tell<EmbedRoutes>("ShowEmbed", "embed/{link}", routes => routes.ShowEmbed, EmbedOperations.ShowEmbed),
        Tell<EmbedRoutes>("RenewEmbed", "embed/{link}/player", routes => routes.RenewEmbed, EmbedOperations.RenewEmbed, Access.Link),
        Tell<SessionRoutes>("ShowSession", "api/session", routes => routes.ShowSession, SessionOperations.ShowSession),
        Let<SessionRoutes>("SignIn", "POST", "api/session", routes => routes.SignIn, SessionOperations.SignIn),
        Let<SessionRoutes>("SignOut", "DELETE", "api/session", routes => routes.SignOut, SessionOperations.SignOut),
        Manage<SessionRoutes>("CreateSignIn", "POST", "api/session/codes", routes => routes.CreateSignIn, SessionOperations.CreateSignIn),
        Tell<PageRoutes>("ShowApp", "", routes => routes.ShowApp, PageOperations.ShowApp),
        Tell<PageRoutes>("ShowAppSignIn", "signin", routes => routes.ShowApp, PageOperations.ShowApp),
        Tell<PageRoutes>("ShowAppSettings", "settings", routes => routes.ShowApp, PageOperations.ShowApp),
        Tell<PageRoutes>("ShowAppVideo", "videos/{id}", routes => routes.ShowApp, PageOperations.ShowApp),
        Tell<PageRoutes>("ShowAppFile", "app/{file}", routes => routes.ShowAppFile, PageOperations.ShowAppFile),
        Tell<PageRoutes>("ShowAsset", "assets/{file}", routes => routes.ShowAsset, PageOperations.ShowAsset),
    ];

    static VaultRoute Manage<T>(string name, string method, string pattern, Handler<T> handler, Operation about)
        where T : notnull => new(name, RouteKind.Managing, [method], pattern, Access.ApiKey, about, AnswerOf(handler)) { Tag = TagOf<T>() };

    static VaultRoute Look<T>(string name, string pattern, Handler<T> handler, Operation about)
        where T : notnull =>
        new(name, RouteKind.Managing, ["GET", "HEAD"], pattern, Access.ApiKey, about, AnswerOf(handler)) { Tag = TagOf<T>() };

    static VaultRoute Stage(string name, ImmutableArray<string> methods, string pattern, Handler<StagingRoutes> handler, Operation about) =>
        new(name, RouteKind.Uploading, methods, pattern, Access.UploadUrl, about, AnswerOf(handler)) { Tag = TagOf<StagingRoutes>() };

    static VaultRoute Ticket(string name, ImmutableArray<string> methods, string pattern, Handler<TicketRoutes> handler, Operation about) =>
        new(name, RouteKind.Ticketing, methods, pattern, Access.Ticket, about, AnswerOf(handler)) { Tag = TagOf<TicketRoutes>() };

    static VaultRoute Mount(string name, string pattern, Operation about) =>
        new(
            name,
            RouteKind.Mounting,
            ["OPTIONS", "GET", "HEAD", "PROPFIND"],
            pattern,
            Access.NamedKey,
            about,
            AnswerOf<DavRoutes>(routes => routes.Answer)
        )
        {
            Scopes = ForReading,
            Tag = TagOf<DavRoutes>(),
        };

    static VaultRoute Play<T>(string name, string pattern, Access access, Handler<T> handler, Operation about)
        where T : notnull =>
        new(name, RouteKind.Playing, ["GET", "HEAD", "OPTIONS"], pattern, access, about, AnswerOf(handler)) { Tag = TagOf<T>() };

    static VaultRoute Tell<T>(string name, string pattern, Handler<T> handler, Operation about, Access access = Access.None)
        where T : notnull => new(name, RouteKind.Public, ["GET", "HEAD"], pattern, access, about, AnswerOf(handler)) { Tag = TagOf<T>() };

    static VaultRoute Let<T>(string name, string method, string pattern, Handler<T> handler, Operation about)
        where T : notnull => new(name, RouteKind.Public, [method], pattern, Access.None, about, AnswerOf(handler)) { Tag = TagOf<T>() };

    /// <summary>The folder that answers.</summary>
    static string TagOf<T>() => typeof(T).Namespace?.Split('.')[^1] ?? "";

    static Func<HttpContext, Task<IResult>> AnswerOf<T>(Handler<T> handler)
        where T : notnull => context => handler(context.RequestServices.GetRequiredService<T>())(context);

    delegate Func<HttpContext, Task<IResult>> Handler<T>(T routes);
}
