using TgVault.Testing;

namespace TgVault.Core.Tests;

/// <summary>The tests that share this assembly's Azurite.</summary>
[CollectionDefinition(Name)]
public sealed class SharedAzurite : ICollectionFixture<AzuriteFixture>
{
    public const string Name = "Azurite";
}
