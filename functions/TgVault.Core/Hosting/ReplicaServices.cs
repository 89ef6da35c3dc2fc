using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Library;
using TgVault.Core.Replicas;
using TgVault.Core.Replicas.Channel;
using TgVault.Core.Replicas.Copies;
using TgVault.Core.Rows;
using TgVault.Core.Settings;
using TgVault.Core.Telegram;

namespace TgVault.Core.Hosting;

/// <summary>How the parts that keep copies elsewhere, and look at all copies, are put together.</summary>
static class ReplicaServices
{
    // Telegram says of a document three times that it is unavailable before it is looked for by its message.
    public const int LooksAtLost = 3;

    public static IServiceCollection AddReplicas(this IServiceCollection services, VaultSettings settings) =>
        services
            .AddSingleton(provider => new ReplicaSet(
                settings.Replicas.Select(replica => ReplicaPlaces.Create(replica) ?? CreateChannel(provider, replica, settings.Telegram)),
                provider.GetRequiredService<IRowStore>(),
                provider.GetRequiredService<KeyRing>()
            ))
            .AddSingleton<ICopyReceipts>(provider => provider.GetRequiredService<ReplicaSet>())
            .AddSingleton(CreateForwarding)
            .AddSingleton(CreateReading)
            .AddSingleton(provider => new ChunkCopies(
                CreateLooking(provider, settings.Telegram),
                provider.GetRequiredService<IDocumentMemory>(),
                settings.Telegram.Channels
            ))
            .AddSingleton(provider => new SuspectTable(
                provider.GetRequiredService<IRowStore>().Table(VaultTables.Vault),
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton(provider => new ReplicaTable(provider.GetRequiredService<IRowStore>().Table(VaultTables.Vault)))
            .AddSingleton<CopyMending>()
            .AddSingleton<ManifestCopies>()
            .AddSingleton<CopyCheck>()
            .AddSingleton<ICatalogueChecks, CatalogueCheck>()
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
                provider.GetRequiredService<ICatalogueChecks>(),
                provider.GetRequiredService<SuspectTable>(),
                provider.GetRequiredService<IRowStore>(),
                settings.Verify,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<NightlyCheck>>()
            ))
            .AddSingleton<INightlyChecks>(provider => provider.GetRequiredService<NightlyCheck>())
            .AddSingleton<IReplicas>(provider => provider.GetRequiredService<Replication>());

    static ChannelReplica CreateChannel(IServiceProvider provider, ReplicaSettings replica, TelegramSettings telegram) =>
        new(
            ReplicaPlaces.OpenChannel(
                replica,
                telegram,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<TelegramChunkStore>>(),
                provider.GetRequiredService<IDiscardedDocuments>(),
                provider.GetRequiredService<IRowStore>().Table(VaultTables.Vault),
                VaultServices.IsAlone(provider.GetRequiredService<IRowStore>())
            ),
            provider.GetRequiredService<IRowStore>().Table(VaultTables.Vault),
            provider.GetRequiredService<ILeftDocuments>(),
            provider.GetRequiredService<IDiscardedDocuments>(),
            provider.GetRequiredService<KeyRing>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<CatalogueLog>>()
        );

    static IDocumentForwarding CreateForwarding(IServiceProvider provider)
    {
        var telegram = provider.GetRequiredService<TelegramChunkStore>();
        return provider.GetRequiredService<IChunkStore>() is RetryingChunkStore retrying
            ? new RetryingForwarding(telegram, retrying)
            : telegram;
    }

    // A document that is lost fails at every attempt, and there may be thousands: so many as make it certain, and no more.
    static IChunkStore CreateLooking(IServiceProvider provider, TelegramSettings settings) =>
        provider.GetRequiredService<IChunkStore>() is var store && store is RetryingChunkStore retrying
            ? new RetryingChunkStore(
                retrying.Once,
                Math.Min(settings.Attempts, LooksAtLost),
                TimeSpan.FromSeconds(settings.LongestWaitInPlaceSeconds),
                provider.GetRequiredService<TimeProvider>(),
                Random.Shared.NextDouble
            )
            : store;

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
