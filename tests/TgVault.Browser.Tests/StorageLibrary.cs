using System.Diagnostics;
using TgVault.Testing;

namespace TgVault.Browser.Tests;

/// <summary>Azure's storage library for browsers, bundled as its readme tells sites to, as the global <c>azblob</c>.</summary>
public sealed class StorageLibrary : IAsyncLifetime
{
    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-bundle-").FullName;

    public string Path => System.IO.Path.Combine(_folder, "azblob.js");

    public async Task InitializeAsync()
    {
        var start = new ProcessStartInfo("node")
        {
            WorkingDirectory = RepositoryFolders.Root(),
            RedirectStandardError = true,
            ArgumentList =
            {
                System.IO.Path.Combine(RepositoryFolders.NodeModules(), "esbuild", "bin", "esbuild"),
                "./node_modules/@azure/storage-blob",
                "--bundle",
                "--format=iife",
                "--global-name=azblob",
                "--log-level=error",
                $"--outfile={Path}",
            },
        };
        using var bundling = Process.Start(start)!;
        var errors = await bundling.StandardError.ReadToEndAsync();
        await bundling.WaitForExitAsync();
        if (bundling.ExitCode != 0)
            throw new InvalidOperationException($"esbuild did not bundle the storage library:\n{errors}");
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }
}
