using TgVault.Testing;

namespace TgVault.Cli.Tests.EndToEnd;

/// <summary>One vault for all tests that only add to it.</summary>
public sealed class SharedVault : IAsyncLifetime
{
    public VaultProcess Vault { get; private set; } = null!;

    public string Folder { get; } = Directory.CreateTempSubdirectory("tgvault-e2e-").FullName;

    public async Task InitializeAsync() =>
        Vault = await VaultProcess.StartAsync(Directory.CreateDirectory(Path.Combine(Folder, "data")).FullName);

    public async Task DisposeAsync()
    {
        await Vault.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}

[CollectionDefinition(Name)]
public sealed class SharedVaultCollection : ICollectionFixture<SharedVault>
{
    public const string Name = "one vault";
}
