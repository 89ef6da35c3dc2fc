using Microsoft.Extensions.DependencyInjection;
using TgVault.Core.Catalogue;
using TgVault.Core.Rotation;
using TgVault.Core.Rows;

namespace TgVault.Core.Hosting;

/// <summary>How the parts that bring a vault under a new master secret are put together.</summary>
static class RotationServices
{
    public static IServiceCollection AddRotation(this IServiceCollection services, VaultFoundation foundation) =>
        services
            .AddSingleton(provider =>
                ActivatorUtilities.CreateInstance<CatalogueRenewal>(provider, foundation.Rows.Table(VaultTables.Vault))
            )
            .AddSingleton<RotatedRows>()
            .AddSingleton<RotatedCatalogue>()
            .AddSingleton<IKeyRotation>(provider =>
                ActivatorUtilities.CreateInstance<KeyRotation>(provider, foundation.Rows.Table(VaultTables.Vault))
            );
}
