using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TgVault.Core.Crypto;
using TgVault.Core.Staging;
using TgVault.Core.Staging.Folder;

namespace TgVault.Core.Hosting;

/// <summary>Staging in a folder, for a vault on one machine.</summary>
static class FolderStagingServices
{
    /// <summary>
    /// Registers <see cref="IStaging"/> in that folder, and what takes uploads through the vault's own port. Needs the key ring, logging
    /// and a <see cref="TimeProvider"/>.
    /// </summary>
    /// <param name="services">The host's.</param>
    /// <param name="path">Made when the vault is prepared; nobody else may write there.</param>
    public static IServiceCollection AddFolderStaging(this IServiceCollection services, string path) =>
        services
            .AddSingleton(new StagingFolder(path))
            .AddSingleton<UploadLedgers>()
            .AddSingleton(provider => new UploadUrls(provider.GetRequiredService<KeyRing>(), provider.GetRequiredService<TimeProvider>()))
            .AddSingleton(provider => new FolderUploads(
                provider.GetRequiredService<StagingFolder>(),
                provider.GetRequiredService<UploadLedgers>(),
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton<IStaging>(provider => new FolderStaging(
                provider.GetRequiredService<StagingFolder>(),
                provider.GetRequiredService<UploadLedgers>(),
                provider.GetRequiredService<UploadUrls>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<FolderStaging>>()
            ));
}
