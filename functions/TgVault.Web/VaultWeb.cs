using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using TgVault.Core.Settings;
using TgVault.Core.Webhooks;
using TgVault.Web.Copies;
using TgVault.Web.Dav;
using TgVault.Web.Health;
using TgVault.Web.Http;
using TgVault.Web.Http.Problems;
using TgVault.Web.Keys;
using TgVault.Web.Links;
using TgVault.Web.Lists;
using TgVault.Web.OpenApi;
using TgVault.Web.Pages;
using TgVault.Web.Reach;
using TgVault.Web.Sessions;
using TgVault.Web.Staging;
using TgVault.Web.Streams;
using TgVault.Web.Uploads;
using TgVault.Web.Videos;
using TgVault.Web.Webhooks;

namespace TgVault.Web;

/// <summary>How a host takes the vault's routes in.</summary>
public static class VaultWeb
{
    /// <summary>
    /// Registers what answers. The host registers, besides: VaultSettings, TimeProvider, ILibrary, IStaging, IIngestScheduler, what
    /// AddPlayback registers, ITelegramStatus, ILibraryRecovery, ICompanionWishes, IPosters, ICopyChecks, ICatalogueChecks, IReplicas,
    /// INightlyChecks, VideoLinks, LinkRegister, LinkKeyRing, OwnLinkKey, IKeyRotation, VaultSessions, ApiKeyRing, RequestKeys, VideoWaits,
    /// StoringTimes, TicketBook, WebhookRing, Deliveries and logging. A host that is reached without a platform before it registers its
    /// own AllowedHosts and VaultUrls after this.
    /// </summary>
    public static IServiceCollection AddVaultWeb(this IServiceCollection services) =>
        services
            .AddRoutingCore()
            .AddSingleton<VaultPipeline>()
            .AddSingleton<StorageTrouble>()
            .AddSingleton(provider => AllowedHosts.OfPlatform(provider.GetRequiredService<VaultSettings>()))
            .AddSingleton(provider => new VaultUrls(provider.GetRequiredService<VaultSettings>(), lan: null))
            .AddSingleton(new ApiDocument(VaultRoutes.All, ApiExamples.All))
            .AddSingleton<RefusedKeys>()
            .AddSingleton<IWordsPage, WordsPage>()
            .AddSingleton<SessionCookie>()
            .AddSingleton<SessionRoutes>()
            .AddSingleton<LinkChecks>()
            .AddSingleton<SiteRule>()
            .AddSingleton<Gate>()
            .AddSingleton<UploadRoutes>()
            .AddSingleton<TicketRoutes>()
            .AddSingleton<StagingRoutes>()
            .AddSingleton<VideoEdits>()
            .AddSingleton<VideoRoutes>()
            .AddSingleton<LibraryFigures>()
            .AddSingleton<ListRoutes>()
            .AddSingleton<ManyRoutes>()
            .AddSingleton<ProgressRoutes>()
            .AddSingleton<LinkViews>()
            .AddSingleton<LinkRoutes>()
            .AddSingleton<KeyRoutes>()
            .AddSingleton<LinkKeyRoutes>()
            .AddSingleton<WebhookRoutes>()
            .AddSingleton<IVideoJson, VideoJson>()
            .AddSingleton<PlayerListRoutes>()
            .AddSingleton<DavLibrary>()
            .AddSingleton<DavRoutes>()
            .AddSingleton<StreamOpening>()
            .AddSingleton<StreamRoutes>()
            .AddSingleton<AdaptiveRoutes>()
            .AddSingleton<CaptionTextRoutes>()
            .AddSingleton<CaptionRoutes>()
            .AddSingleton<PictureRoutes>()
            .AddSingleton<PosterRoutes>()
            .AddSingleton<CopyRoutes>()
            .AddSingleton<HealthRoutes>()
            .AddSingleton<AboutRoutes>()
            .AddSingleton<StatusRoutes>()
            .AddSingleton<RotationRoutes>()
            .AddSingleton<VideoEvents>()
            .AddSingleton<EventRoutes>()
            .AddSingleton<Playables>()
            .AddSingleton<EarlyStart>()
            .AddSingleton<EmbedRoutes>()
            .AddSingleton<OEmbedRoutes>()
            .AddSingleton<AppFiles>()
            .AddSingleton<PageRoutes>();

    /// <summary>Lets the vault answer every request.</summary>
    public static WebApplication MapVault(this WebApplication app)
    {
        app.Run(app.Services.GetRequiredService<VaultPipeline>().RunAsync);
        return app;
    }
}
