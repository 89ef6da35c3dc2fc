using System.Net;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using TgVault.Functions.Http;

namespace TgVault.Functions.Tests.Http;

/// <summary>
/// The app's HTTP functions behind Kestrel, chosen as the Functions host chooses:
/// in the order of their names, the first whose route and method fit. As in the worker, a request's services are the app's.
/// </summary>
sealed class FunctionHost : IAsyncDisposable
{
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

    static readonly (MethodInfo Method, HttpTriggerAttribute Trigger, TemplateMatcher Matcher)[] Functions =
    [
        .. typeof(ManagingFunctions)
            .Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Where(method =>
                method.IsDefined(typeof(FunctionAttribute)) && method.GetParameters()[0].IsDefined(typeof(HttpTriggerAttribute))
            )
            .OrderBy(method => method.GetCustomAttribute<FunctionAttribute>()!.Name, StringComparer.OrdinalIgnoreCase)
            .Select(method => (Method: method, Trigger: method.GetParameters()[0].GetCustomAttribute<HttpTriggerAttribute>()!))
            .Select(function =>
                (function.Method, function.Trigger, new TemplateMatcher(TemplateParser.Parse(function.Trigger.Route!), []))
            ),
    ];

    static async Task AnswerAsync(FunctionBench bench, HttpContext context)
    {
        foreach (var (method, trigger, matcher) in Functions)
        {
            var values = new RouteValueDictionary();
            if (
                !trigger.Methods!.Contains(context.Request.Method, StringComparer.OrdinalIgnoreCase)
                || !matcher.TryMatch(context.Request.Path, values)
            )
                continue;
            foreach (var (name, value) in values)
                context.Request.RouteValues[name] = value;
            await using var scope = bench.Services.CreateAsyncScope();
            context.RequestServices = scope.ServiceProvider;
            var instance = ActivatorUtilities.CreateInstance(scope.ServiceProvider, method.DeclaringType!);
            object[] arguments =
            [
                .. method
                    .GetParameters()
                    .Select(parameter => parameter.ParameterType == typeof(HttpRequest) ? context.Request : (object)bench.Hub),
            ];
            await (await (Task<IResult>)method.Invoke(instance, arguments)!).ExecuteAsync(context);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
    }
}
