using System.Reflection;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using TgVault.Functions.Ingest;
using TgVault.Testing;
using TgVault.Web;

namespace TgVault.Functions.Tests.Http;

/// <summary>What the app tells the Functions host of its functions.</summary>
public sealed class FunctionTableTests
{
    [Fact]
    public void One_function_takes_every_path_and_every_method_of_the_table()
    {
        var (_, _, trigger) = Assert.Single(Http());
        var methods = VaultRoutes.All.SelectMany(route => route.Methods).Distinct();

        Assert.Equal("{*path}", trigger.Route);
        Assert.Subset(trigger.Methods!.Select(method => method.ToUpperInvariant()).ToHashSet(), methods.ToHashSet());
    }

    [Fact]
    public void The_host_asks_for_no_key_because_the_routes_ask_for_theirs() =>
        Assert.All(Http(), function => Assert.Equal(AuthorizationLevel.Anonymous, function.Trigger.AuthLevel));

    /// <summary>Else the routes would be below /api, and the host's own page at /.</summary>
    [Fact]
    public void The_host_puts_nothing_before_the_paths()
    {
        using var host = JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryFolders.Root(), "host.json")));

        Assert.Equal("", host.RootElement.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString());
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

    static IEnumerable<(string Name, MethodInfo Method, HttpTriggerAttribute Trigger)> Http() =>
        from function in All()
        from trigger in function.Method.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>())
        where trigger is not null
        select (function.Name, function.Method, trigger);
}
