using TgVault.Azurite;
using TgVault.Core.Settings;

namespace TgVault.Testing;

/// <summary>
/// One Azurite for a test assembly, on free ports, in a temporary folder that is removed at the end.
/// xunit finds collections in the test assembly only, so each one that needs storage declares
/// <code>[CollectionDefinition(Name)] public sealed class AzuriteCollection : ICollectionFixture&lt;AzuriteFixture&gt; { public const
/// string Name = "Azurite"; }</code>
/// and marks its classes <c>[Collection(AzuriteCollection.Name)]</c>.
/// </summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-azurite-").FullName;

    AzuriteProcess? _azurite;

    public string ConnectionString =>
        (_azurite ?? throw new InvalidOperationException("The fixture has not been initialised.")).ConnectionString;

    /// <summary>Settings of a vault whose containers and tables no other test shares:
    /// a fresh name prefix each time; its ffmpeg is the layer's where that is built.</summary>
    public VaultSettings NewStorage() =>
        new()
        {
            Storage = ConnectionString,
            StoragePrefix = $"t{Guid.NewGuid():N}"[..16],
            Ffmpeg = new FfmpegSettings { Folder = RepositoryFolders.Layer() },
        };

    public async Task InitializeAsync() =>
        _azurite = await AzuriteProcess.StartAsync(_folder, RepositoryFolders.NodeModules(), CancellationToken.None);

    public async Task DisposeAsync()
    {
        if (_azurite is not null)
            await _azurite.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
