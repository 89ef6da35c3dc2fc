using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TgVault.Core.ApiKeys;
using TgVault.Core.Catalogue;
using TgVault.Core.Chunks;
using TgVault.Core.Chunks.Intents;
using TgVault.Core.Crypto;
using TgVault.Core.Engine;
using TgVault.Core.Ffmpeg;
using TgVault.Core.Ingest;
using TgVault.Core.Ingest.Steps;
using TgVault.Core.Keys;
using TgVault.Core.Library;
using TgVault.Core.Links;
using TgVault.Core.Orphans;
using TgVault.Core.Playback;
using TgVault.Core.Recovery;
using TgVault.Core.Replicas;
using TgVault.Core.Replicas.Channel;
using TgVault.Core.Requests;
using TgVault.Core.Rows;
using TgVault.Core.Rows.Sqlite;
using TgVault.Core.Sessions;
using TgVault.Core.Settings;
using TgVault.Core.Staging;
using TgVault.Core.Telegram;
using TgVault.Core.Tickets;
using TgVault.Core.Upkeep;
using TgVault.Core.Waiting;
using TgVault.Core.Webhooks;

namespace TgVault.Core.Hosting;

/// <summary>How the parts of a vault are put together, for every host.</summary>
public static class VaultServices
{
    /// <summary>
    /// Registers the vault without an engine for ingest: hosts add <see cref="IIngestScheduler"/> and what drives
    /// <see cref="IIngestSteps"/>. Needs logging, a <see cref="TimeProvider"/>, and <see cref="IVideoJson"/>, which those with an API have.
    /// </summary>
    public static IServiceCollection AddVault(this IServiceCollection services, VaultSettings settings, VaultFoundation foundation) =>
        services
            .AddSingleton(settings)
            .AddSingleton(settings.Telegram)
            .AddSingleton(settings.Chunks)
            .AddSingleton(settings.Uploads)
            .AddSingleton(settings.Ingest)
            .AddSingleton(settings.Playback)
            .AddSingleton(settings.Links)
            .AddSingleton(settings.Webhooks)
            .AddSingleton(settings.Ffmpeg)
            .AddSingleton(foundation.Keys)
            .AddSingleton(VaultFoundation.SecretsOf(settings))
            .AddStorage(foundation)
            .AddSingleton<ILibrary, TableLibrary>()
            .AddSingleton<IDiscardedDocuments>(_ => new DiscardedDocuments(foundation.Rows.Table(VaultTables.Vault)))
            .AddSingleton(CreateTelegramChunkStore)
            .AddSingleton<ITelegramStatus, WholeTelegramStatus>()
            .AddSingleton<IPinboard>(provider => provider.GetRequiredService<TelegramChunkStore>())
            .AddSingleton<IDocumentMemory>(provider => provider.GetRequiredService<TelegramChunkStore>())
            .AddSingleton(provider => provider.GetRequiredService<TelegramChunkStore>().Intents)
            .AddSingleton<IChunkStore>(StackChunkStore)
            .AddReplicas(settings)
            .AddSingleton(CreateCatalogueLog)
            .AddSingleton(_ => new LeftDocuments(foundation.Rows.Table(VaultTables.Vault)))
            .AddSingleton<ILeftDocuments>(provider => provider.GetRequiredService<LeftDocuments>())
            .AddSingleton(provider => new OwnLinkKey(
                foundation.Keys,
                foundation.Rows.Table(VaultTables.Vault),
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton(provider => new VideoLinks(
                foundation.Keys,
                settings.Links,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<OwnLinkKey>()
            ))
            .AddSingleton(provider => new LinkRegister(
                provider.GetRequiredService<IRowStore>().Table(VaultTables.Links),
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton(provider => new LinkKeyRing(
                foundation.Keys,
                foundation.Rows.Table(VaultTables.Vault),
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton(provider => new VaultSessions(foundation.Keys, settings.ApiKey, provider.GetRequiredService<TimeProvider>()))
            .AddSingleton(provider => new ApiKeyRing(foundation.Rows.Table(VaultTables.Vault), provider.GetRequiredService<TimeProvider>()))
            .AddSingleton(provider => new RequestKeys(
                foundation.Rows.Table(VaultTables.Vault),
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton(provider => new VideoWaits(
                provider.GetRequiredService<IStaging>(),
                provider.GetRequiredService<ITelegramStatus>(),
                provider.GetService<IWorkTurns>(),
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton(provider => new StoringTimes(
                provider.GetRequiredService<ILibrary>(),
                provider.GetRequiredService<ITelegramStatus>(),
                settings.Chunks,
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton(provider => new TicketBook(
                foundation.Rows.Table(VaultTables.Vault),
                provider.GetRequiredService<ILibrary>(),
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddWebhooks(foundation)
            .AddPlayback(settings.Playback)
            .AddIngestSteps(settings.Ingest)
            .AddSingleton<ILibraryRecovery, LibraryRecovery>()
            .AddSingleton<INamedDocuments, NamedDocuments>()
            .AddRotation(foundation)
            .AddUpkeep();

    /// <summary>
    /// Makes tables and containers where they are missing, removes what a process that was killed left in the temporary folder, and says
    /// what ffmpeg may do on this machine.
    /// </summary>
    public static async Task PrepareVaultAsync(this IServiceProvider services, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<ILibrary>().PrepareAsync(cancellationToken);
        await services.GetRequiredService<LinkRegister>().PrepareAsync(cancellationToken);
        await services.GetRequiredService<IStaging>().PrepareAsync(cancellationToken);
        if (MasterSecretStrength.IsWeak(services.GetRequiredService<VaultSettings>().MasterSecret))
            services.GetRequiredService<ILogger<VaultFoundation>>().MasterSecretIsWeak();
        if (await services.GetRequiredService<ILibraryRecovery>().FindAsync(cancellationToken) is { IsDone: false } recovery)
            services.GetRequiredService<ILogger<VaultFoundation>>().LibraryNotRecovered(recovery.Told);
        var tools = services.GetRequiredService<FfmpegTools>();
        TemporaryFile.Sweep(tools.TemporaryFolder);
        FfmpegTools.ReportCage(services.GetRequiredService<ILogger<FfmpegTools>>());
    }

    /// <summary>
    /// Adds the engine of one machine: the watcher, the in-process runner, what indexes videos of an earlier version, what sends to
    /// webhooks, what copies the rows where a folder keeps them, what has replicas follow, and what looks at copies. Comes after
    /// <see cref="AddVault"/>.
    /// </summary>
    public static IServiceCollection AddIngestRunner(this IServiceCollection services)
    {
        services
            .AddHostedService<OrphanUpkeep>()
            .AddSingleton<IngestRunner>()
            .AddSingleton<IIngestScheduler>(provider => provider.GetRequiredService<IngestRunner>())
            .AddSingleton<IWorkTurns>(provider => provider.GetRequiredService<IngestRunner>())
            .AddHostedService(provider => provider.GetRequiredService<IngestRunner>())
            .AddHostedService<LibraryIndexer>()
            .AddHostedService<WebhookRunner>()
            .AddHostedService<ReplicaUpkeep>()
            .AddHostedService<CheckUpkeep>()
            .AddSingleton<KeyRotator>()
            .AddHostedService(provider => provider.GetRequiredService<KeyRotator>());
        return services.Any(service => service.ServiceType == typeof(SqliteRowStore))
            ? services.AddHostedService<NightlyCopies>()
            : services;
    }

    static IServiceCollection AddStorage(this IServiceCollection services, VaultFoundation foundation)
    {
        // What a factory makes is disposed of with the container, what is handed to it is not.
        services.AddSingleton(_ => foundation.Rows);
        return foundation switch
        {
            { Account: { } account } => services.AddSingleton(account).AddSingleton<IStaging, BlobStaging>(),
            { Rows: SqliteRowStore store } => services.AddSingleton(store).AddFolderStaging(store.Folder),
            _ => throw new UnreachableException("A vault has an account or a folder: a bug."),
        };
    }

    static RetryingChunkStore StackChunkStore(IServiceProvider provider) =>
        StackChunkStore(
            provider.GetRequiredService<TelegramChunkStore>(),
            provider.GetRequiredService<TelegramSettings>(),
            provider.GetRequiredService<TimeProvider>()
        );

    static TelegramChunkStore CreateTelegramChunkStore(IServiceProvider provider) =>
        new(
            provider.GetRequiredService<TelegramSettings>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<TelegramChunkStore>>(),
            provider.GetRequiredService<IRowStore>().Table(VaultTables.Vault),
            IsAlone(provider.GetRequiredService<IRowStore>())
        )
        {
            Discarded = provider.GetRequiredService<IDiscardedDocuments>(),
        };

    /// <summary>Whether no other process can use the rows: a folder's are locked by the one that has them open.</summary>
    internal static bool IsAlone(IRowStore rows) => rows is SqliteRowStore;

    // Wrappers in order, innermost first: Telegram itself, which keeps its pace, then measuring, then retrying.
    internal static RetryingChunkStore StackChunkStore(TelegramChunkStore telegram, TelegramSettings settings, TimeProvider time) =>
        new(
            new MeteredChunkStore(telegram),
            settings.Attempts,
            TimeSpan.FromSeconds(settings.LongestWaitInPlaceSeconds),
            time,
            Random.Shared.NextDouble
        );

    // One name per machine: after a crash its lease need not run out first.
    static CatalogueLog CreateCatalogueLog(IServiceProvider provider) =>
        new(
            provider.GetRequiredService<IRowStore>().Table(VaultTables.Vault),
            provider.GetRequiredService<IChunkStore>(),
            provider.GetRequiredService<IPinboard>(),
            provider.GetRequiredService<KeyRing>(),
            Environment.MachineName,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<CatalogueLog>>(),
            discarded: provider.GetRequiredService<IDiscardedDocuments>()
        );

    static IServiceCollection AddUpkeep(this IServiceCollection services) =>
        services
            .AddSingleton<ICompanionWishes, CompanionWishes>()
            .AddSingleton<StoredFilms>()
            .AddSingleton<IStoredPictures, StoredPictures>()
            .AddSingleton<IStoredUploads, StoredUploads>()
            .AddSingleton<IPosters, Posters>()
            .AddSingleton<Amendments>()
            .AddSingleton<IAmendments>(provider => provider.GetRequiredService<Amendments>())
            .AddSingleton<Removals>()
            .AddSingleton<IRemovals>(provider => provider.GetRequiredService<Removals>())
            .AddSingleton<AbandonedUploads>()
            .AddSingleton<TrashedVideos>()
            .AddSingleton(provider => new StrandedBlobs(provider.GetRequiredService<ILibrary>(), provider.GetRequiredService<IStaging>()))
            .AddSingleton(provider => new DiscardedDeletion(
                provider.GetRequiredService<IDiscardedDocuments>(),
                provider.GetRequiredService<IChunkStore>(),
                provider.GetRequiredService<ILeftDocuments>(),
                provider.GetRequiredService<ILogger<DiscardedDeletion>>()
            ))
            .AddSingleton(CreateOrphanSearch);

    // The vault's own channels, and those of replicas.
    static OrphanSearch CreateOrphanSearch(IServiceProvider provider) =>
        new(
            provider.GetRequiredService<INamedDocuments>(),
            provider.GetRequiredService<IDiscardedDocuments>(),
            [
                (provider.GetRequiredService<IPostIntents>(), provider.GetRequiredService<IChunkStore>()),
                .. provider
                    .GetRequiredService<ReplicaSet>()
                    .All.Select(replica => replica.Documents)
                    .OfType<ChannelReplica>()
                    .Select(channel => (channel.Store.Intents, channel.Store.Documents)),
            ],
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<OrphanSearch>>()
        );
}
