using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TgVault.Functions.Http;

namespace TgVault.Functions.Tests.Http;

/// <summary>
/// The app's HTTP function behind Kestrel. As in the worker, a request's services are the app's, and its endpoint and route values
/// are those of the function's route.
/// </summary>
sealed class FunctionHost : IAsyncDisposable
{
    static readonly Endpoint Function = new(
        _ => throw new InvalidOperationException("It has been taken already."),
        EndpointMetadataCollection.Empty,
        nameof(HttpFunction.AnswerRequest)
    );

    readonly WebApplication _app;

    FunctionHost(WebApplication app) => _app = app;

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<FunctionHost> StartAsync(FunctionBench bench)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(context => AnswerAsync(bench, context));
        await app.StartAsync();
        return new FunctionHost(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    // As the worker's Kestrel: the function's route is the request's endpoint by the time that the function is called.
    static async Task AnswerAsync(FunctionBench bench, HttpContext context)
    {
        context.Request.RouteValues["path"] = context.Request.Path.Value!.TrimStart('/');
        context.SetEndpoint(Function);
        await using var scope = bench.Services.CreateAsyncScope();
        context.RequestServices = scope.ServiceProvider;
        await (await bench.Get<HttpFunction>().AnswerRequest(context.Request, bench.Hub)).ExecuteAsync(context);
    }
}
