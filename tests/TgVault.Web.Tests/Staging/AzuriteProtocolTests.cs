using Azure;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Logging.Abstractions;
using TgVault.Core;
using TgVault.Core.Settings;
using TgVault.Core.Staging;
using TgVault.Core.Storage;
using TgVault.Testing;

namespace TgVault.Web.Tests.Staging;

/// <summary>What the contract says is so in the storage that it was taken from.</summary>
public sealed class AzuriteProtocolTests(AzuriteFixture azurite) : BlobProtocolContract, IClassFixture<AzuriteFixture>, IAsyncLifetime
{
    readonly VaultSettings _settings = azurite.NewStorage();
    BlobStaging _staging = null!;

    public async Task InitializeAsync()
    {
        var account = StorageAccount.Connect(_settings, TimeProvider.System);
        _staging = new BlobStaging(account, new UploadSettings(), NullLogger<BlobStaging>.Instance);
        await _staging.PrepareAsync(CancellationToken.None);
    }

    public Task DisposeAsync()
    {
        Http.Dispose();
        return Task.CompletedTask;
    }

    protected override string NotSigned => "AuthorizationFailure";

    protected override async Task<Uri> NewUrlAsync(long bytes) =>
        (await _staging.CreateUploadAsync(VideoId.New(DateTimeOffset.UtcNow), TimeSpan.FromHours(1), CancellationToken.None)).Url;

    protected override async Task<byte[]?> ReadAsync(Uri url)
    {
        var name = new BlobUriBuilder(url);
        var blob = new BlobClient(_settings.Storage, name.BlobContainerName, name.BlobName);
        try
        {
            return (await blob.DownloadContentAsync()).Value.Content.ToArray();
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return null;
        }
    }
}
