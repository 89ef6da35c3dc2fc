using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TgVault.Web.Links;
using TgVault.Web.Streams;
using TgVault.Web.Uploads;
using TgVault.Web.Videos;

namespace TgVault.Web;

/// <summary>How a host takes the vault's routes in.</summary>
public static class VaultEndpoints
{
    /// <summary>
    /// Registers what answers. The host registers, besides: VaultSettings, TimeProvider, ILibrary, IStaging, IIngestScheduler,
    /// OpenVideos, IndexCache, CaptionReader, RenditionReader, Amendments, VideoLinks and logging.
    /// </summary>
    public static IServiceCollection AddVaultWeb(this IServiceCollection services) =>
        services
            .AddSingleton<Gate>()
            .AddSingleton<UploadRoutes>()
            .AddSingleton<VideoRoutes>()
            .AddSingleton<ProgressRoutes>()
            .AddSingleton<LinkRoutes>()
            .AddSingleton<StreamOpening>()
            .AddSingleton<StreamRoutes>()
            .AddSingleton<AdaptiveRoutes>()
            .AddSingleton<CaptionRoutes>()
            .AddSingleton<HealthRoutes>();

    /// <summary>Maps every route, with problem details for what no route takes.</summary>
    public static WebApplication MapVault(this WebApplication app)
    {
        app.Use(next => context => ProblemBoundary.RunAsync(context, new Func<HttpContext, Task>(next)));
        app.UseRouting();
        foreach (var route in VaultRoutes.All)
        {
            ((IEndpointRouteBuilder)app).MapMethods(route.Pattern, route.Methods, (RequestDelegate)route.RunAsync).WithName(route.Name);
        }

        return app;
    }
}
