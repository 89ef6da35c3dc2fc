using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using TgVault.Functions.Http;
using TgVault.Functions.Ingest;
using TgVault.Web;

namespace TgVault.Functions.Tests.Http;

/// <summary>Holds the functions against TgVault.Web's table: whatever `tgvault serve` answers, the app answers.</summary>
public sealed class RouteTableTests
{
    static readonly (string Name, MethodInfo Method, HttpTriggerAttribute Trigger)[] Functions =
    [
        .. All()
            .Select(function =>
                (function.Name, function.Method, Trigger: function.Method.GetParameters()[0].GetCustomAttribute<HttpTriggerAttribute>()!)
            )
            .Where(function => function.Trigger is not null),
    ];

    [Fact]
    public void Every_route_has_a_function_of_its_name_with_its_methods_and_pattern()
    {
        var routes = VaultRoutes
            .All.Where(route => route.Pattern.Length > 0)
            .Select(route => (route.Name, Methods: string.Join(' ', route.Methods.Order(StringComparer.Ordinal)), route.Pattern));
        var functions = Functions
            .Where(function => function.Name != nameof(PublicFunctions.VisitOther))
            .Select(function =>
                (
                    function.Name,
                    Methods: string.Join(
                        ' ',
                        function.Trigger.Methods!.Select(method => method.ToUpperInvariant()).Order(StringComparer.Ordinal)
                    ),
                    Pattern: function.Trigger.Route!
                )
            );

        Assert.Equal(routes.Order(), functions.Order());
    }

    [Fact]
    public void The_host_asks_for_no_key_because_the_routes_ask_for_theirs() =>
        Assert.All(Functions, function => Assert.Equal(AuthorizationLevel.Anonymous, function.Trigger.AuthLevel));

    [Fact]
    public void The_catch_all_takes_every_method_and_its_name_sorts_last()
    {
        var other = Functions.Single(function => function.Trigger.Route == "{*path}");

        Assert.Equal(
            other.Name,
            Functions.Select(function => function.Name).OrderBy(name => name, StringComparer.OrdinalIgnoreCase).Last()
        );
        Assert.Equal(["delete", "get", "head", "options", "patch", "post", "put"], other.Trigger.Methods!.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_function_has_the_name_of_its_method_and_no_other_has_it()
    {
        var functions = All().ToArray();

        Assert.All(functions, function => Assert.Equal(function.Method.Name, function.Name));
        Assert.Equal(functions.Length, functions.Select(function => function.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void The_two_upload_triggers_watch_the_same_place_one_by_event_and_one_by_polling()
    {
        var triggers = new[] { nameof(UploadFunctions.UploadArrived), nameof(UploadFunctions.UploadArrivedPolling) }
            .Select(name => typeof(UploadFunctions).GetMethod(name)!.GetParameters()[0].GetCustomAttribute<BlobTriggerAttribute>()!)
            .ToArray();

        Assert.Equal([BlobTriggerSource.EventGrid, BlobTriggerSource.LogsAndContainerScan], triggers.Select(trigger => trigger.Source));
        Assert.All(triggers, trigger => Assert.Equal(("staging/{name}", "VaultStorage"), (trigger.BlobPath, trigger.Connection)));
    }

    static IEnumerable<(string Name, MethodInfo Method)> All() =>
        from type in typeof(IngestOrchestrator).Assembly.GetTypes()
        from method in type.GetMethods()
        let function = method.GetCustomAttribute<FunctionAttribute>()
        where function is not null
        select (function.Name, method);
}
