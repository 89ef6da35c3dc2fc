using System.Text.Json.Nodes;

namespace TgVault.Infra.Tests;

/// <summary>Every environment compiled once for all tests: a compiler start takes seconds.</summary>
public sealed class CompiledInfra : IAsyncLifetime
{
    readonly Dictionary<string, Deployment> _deployments = [];

    internal JsonObject Template { get; private set; } = [];

    internal JsonObject Events { get; private set; } = [];

    internal Deployment this[string environment] => _deployments[environment];

    public async Task InitializeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        using var copy = new InfraCopy();
        copy.Add(
            "main.everything.bicepparam",
            """
            using 'main.bicep'
            param environmentName = 'everything'
            param location = 'westeurope'
            param telegramChannels = ['-1000000000001']
            param budgetStart = '2026-01-01T00:00:00Z'
            param scratchShare = true
            param frontDoor = true
            param privateNetwork = true
            param operatorIps = ['203.0.113.7']
            param deployerPrincipalId = '33333333-3333-3333-3333-333333333333'
            """
        );
        foreach (var environment in (string[])["dev", "prod", "everything"])
            _deployments[environment] = await copy.EvaluateAsync(environment, limit.Token);
        Template = await copy.BuildAsync("main.bicep", limit.Token);
        Events = await copy.BuildAsync("events.bicep", limit.Token);
    }

    public Task DisposeAsync() => Task.CompletedTask;
}

[CollectionDefinition(Name)]
public sealed class CompiledInfraGroup : ICollectionFixture<CompiledInfra>
{
    public const string Name = "compiled infra";
}
