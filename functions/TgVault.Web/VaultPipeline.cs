using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using TgVault.Web.Http;
using TgVault.Web.Http.Problems;
using TgVault.Web.Reach;
using TgVault.Web.Telemetry;

namespace TgVault.Web;

/// <summary>
/// The way of a request, the same in every host: whether it is for this vault, its route, its trace, the boundary of failures, its answer.
/// </summary>
public sealed class VaultPipeline
{
    readonly RequestDelegate _run;

    /// <param name="services">The host's.</param>
    public VaultPipeline(IServiceProvider services)
    {
        var app = new ApplicationBuilder(services);
        app.Use(next => context => WithHeaders(context, next));
        app.UseReach();
        app.UseRouting();
        app.Use(Trace);
        app.Use(next => context => ProblemBoundary.RunAsync(context, PatternOf(context), next));
        app.UseEndpoints(endpoints =>
        {
            foreach (var route in VaultRoutes.All)
                endpoints.MapMethods(route.Pattern, route.Methods, (RequestDelegate)route.RunAsync).WithMetadata(route);
        });
        _run = app.Build();
    }

    /// <summary>Answers; what goes wrong becomes a problem or, once a body is under way, a cut connection. Does not throw.</summary>
    public Task RunAsync(HttpContext context)
    {
        // The host may have had a route of its own to come here; only without one is ours looked for.
        context.SetEndpoint(null);
        return _run(context);
    }

    static Task WithHeaders(HttpContext context, RequestDelegate next)
    {
        AnswerHeaders.Promise(context);
        return next(context);
    }

    static RequestDelegate Trace(RequestDelegate next) =>
        context =>
            RequestTrace.IsListenedTo && context.GetEndpoint()?.Metadata.GetMetadata<VaultRoute>() is not null
                ? RequestTrace.RunAsync(PatternOf(context), context, next)
                : next(context);

    static string PatternOf(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<VaultRoute>() is { } route ? $"/{route.Pattern}" : "";
}
