using System.Text.Json.Nodes;

namespace TgVault.Infra.Tests;

/// <summary>The resources of one environment with their evaluated properties. Values only Azure knows stand as ARM expressions in
/// brackets.</summary>
sealed class Deployment(JsonObject snapshot)
{
    public IEnumerable<Resource> Resources => snapshot["predictedResources"]!.AsArray().Select(node => new Resource(node!.AsObject()));

    public JsonObject Outputs => snapshot["outputs"] as JsonObject ?? [];

    /// <summary>A copy to change.</summary>
    public Deployment Copy() => new(snapshot.DeepClone().AsObject());

    public IEnumerable<Resource> OfType(string type) => Resources.Where(resource => resource.Type == type);

    public Resource Single(string type) => OfType(type).Single();

    public void Remove(Resource resource) => snapshot["predictedResources"]!.AsArray().Remove(resource.Json);

    public void Add(Resource resource) => snapshot["predictedResources"]!.AsArray().Add(resource.Json);

    public JsonObject Settings =>
        Resources
            .Single(resource =>
                resource.Type == "Microsoft.Web/sites/config" && resource.Name.EndsWith("/appsettings", StringComparison.Ordinal)
            )
            .Properties;

    /// <summary>The account the host keeps its own state in.</summary>
    public Resource HostStorage =>
        OfType("Microsoft.Storage/storageAccounts")
            .Single(account => account.Name == (string?)Settings["AzureWebJobsStorage__accountName"]);

    /// <summary>The account uploads land in: the one whose events are listened to.</summary>
    public Resource VaultStorage =>
        OfType("Microsoft.Storage/storageAccounts")
            .Single(account => account.Id == Single("Microsoft.EventGrid/systemTopics").Text("source"));

    public Resource Identity => Single("Microsoft.ManagedIdentity/userAssignedIdentities");
}

sealed record Resource(JsonObject Json)
{
    public string Id => (string)Json["id"]!;

    public string Type => (string)Json["type"]!;

    public string Name => (string)Json["name"]!;

    public JsonObject Properties => Json["properties"]!.AsObject();

    /// <summary>A property by its path, as text; null where it is not there.</summary>
    public string? Text(params string[] path)
    {
        JsonNode? node = Properties;
        foreach (var step in path)
            node = node?[step];
        return node?.ToString();
    }
}
