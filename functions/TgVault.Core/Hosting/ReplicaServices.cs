using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Library;
using TgVault.Core.Replicas;
using TgVault.Core.Replicas.Copies;
using TgVault.Core.Rows;
using TgVault.Core.Settings;

namespace TgVault.Core.Hosting;

/// <summary>How the parts that keep copies elsewhere, and look at all copies, are put together.</summary>
static class ReplicaServices
{
    public static IServiceCollection AddReplicas(this IServiceCollection services, VaultSettings settings) =>
        services
            .AddSingleton(provider => new ReplicaSet(
                settings,
                provider.GetRequiredService<IRowStore>(),
                provider.GetRequiredService<KeyRing>()
            ))
            .AddSingleton(CreateReading)
            .AddSingleton(provider => new ChunkCopies(
                provider.GetRequiredService<IChunkStore>(),
                provider.GetRequiredService<IDocumentMemory>(),
                settings.Telegram.Channels
            ))
            .AddSingleton(provider => new SuspectTable(
                provider.GetRequiredService<IRowStore>().Table(VaultTables.Vault),
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton<CopyMending>()
            .AddSingleton<ManifestCopies>()
            .AddSingleton<CopyCheck>()
            .AddSingleton<ICopyChecks>(provider => provider.GetRequiredService<CopyCheck>())
            .AddSingleton(provider => new Replication(
                provider.GetRequiredService<ILibrary>(),
                provider.GetRequiredService<ReplicaSet>(),
                provider.GetRequiredService<CopyCheck>(),
                provider.GetRequiredService<IChunkStore>(),
                provider.GetRequiredService<IPinboard>(),
                provider.GetRequiredService<KeyRing>(),
                provider.GetRequiredService<IRowStore>(),
                provider.GetRequiredService<ILogger<Replication>>()
            ))
            .AddSingleton(provider => new NightlyCheck(
                provider.GetRequiredService<ILibrary>(),
                provider.GetRequiredService<ICopyChecks>(),
                provider.GetRequiredService<SuspectTable>(),
                provider.GetRequiredService<IRowStore>(),
                settings.Verify,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<NightlyCheck>>()
            ))
            .AddSingleton<INightlyChecks>(provider => provider.GetRequiredService<NightlyCheck>())
            .AddSingleton<IReplicas>(provider => provider.GetRequiredService<Replication>());

    // Where a copy can stand in, the store is asked once and not again and again.
    static ChunkReading CreateReading(IServiceProvider provider)
    {
        var store = provider.GetRequiredService<IChunkStore>();
        return new ChunkReading(
            store,
            store is RetryingChunkStore retrying ? retrying.Once : store,
            provider.GetRequiredService<ReplicaSet>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ChunkReading>>()
        );
    }
}
