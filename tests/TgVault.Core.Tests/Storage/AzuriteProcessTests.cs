using System.Diagnostics;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using TgVault.Azurite;
using TgVault.Testing;

namespace TgVault.Core.Tests.Storage;

public sealed class AzuriteProcessTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-azurite-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(Timeout = 120_000)]
    public async Task Rows_blobs_and_the_account_survive_a_restart()
    {
        var first = await Start();
        var connection = first.ConnectionString;
        await Write(first, "row");
        await first.DisposeAsync();

        await using var second = await Start();

        Assert.Equal(connection, second.ConnectionString);
        Assert.True(await Has(second, "row"));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_second_one_on_the_same_folder_waits_until_the_first_has_written_its_state()
    {
        var first = await Start();
        var starting = Start();
        await Write(first, "late row");
        Assert.False(starting.IsCompleted);
        await first.DisposeAsync();

        await using var second = await starting;

        Assert.True(await Has(second, "late row"));
    }

    [Fact(Timeout = 120_000)]
    public async Task The_key_is_readable_by_its_owner_only_and_differs_between_folders()
    {
        await using var azurite = await Start();
        await using var other = await AzuriteProcess.StartAsync(
            Path.Combine(_folder, "other"),
            RepositoryFolders.NodeModules(),
            CancellationToken.None
        );

        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, "account.json")));
        Assert.NotEqual(Part(azurite.ConnectionString, "AccountKey"), Part(other.ConnectionString, "AccountKey"));
        Assert.NotEqual(Part(azurite.ConnectionString, "BlobEndpoint"), Part(other.ConnectionString, "BlobEndpoint"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Ctrl_C_in_the_terminal_leaves_it_running_until_its_owner_is_done()
    {
        await using var azurite = await Start();
        using (var kill = Process.Start("kill", ["-INT", azurite.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();

        await Write(azurite, "after the signal");

        Assert.True(await Has(azurite, "after the signal"));
        Assert.False(azurite.Exited.IsCompleted);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_failed_start_says_what_was_printed()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            AzuriteProcess.StartAsync(_folder, Path.Combine(_folder, "nothing"), CancellationToken.None)
        );

        Assert.Contains("Cannot find module", failure.Message, StringComparison.Ordinal);
    }

    Task<AzuriteProcess> Start() => AzuriteProcess.StartAsync(_folder, RepositoryFolders.NodeModules(), CancellationToken.None);

    static string Part(string connectionString, string name) =>
        connectionString.Split(';').Single(part => part.StartsWith(name, StringComparison.Ordinal));

    static async Task Write(AzuriteProcess azurite, string key)
    {
        var table = new TableClient(azurite.ConnectionString, "rows");
        await table.CreateIfNotExistsAsync();
        await table.AddEntityAsync(new TableEntity("p", key));
        var container = new BlobContainerClient(azurite.ConnectionString, "blobs");
        await container.CreateIfNotExistsAsync();
        await container.UploadBlobAsync(key, BinaryData.FromString(key));
    }

    static async Task<bool> Has(AzuriteProcess azurite, string key) =>
        (await new TableClient(azurite.ConnectionString, "rows").GetEntityIfExistsAsync<TableEntity>("p", key)).HasValue
        && (await new BlobClient(azurite.ConnectionString, "blobs", key).DownloadContentAsync()).Value.Content.ToString() == key;
}
