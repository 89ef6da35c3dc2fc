using Microsoft.Extensions.Logging.Abstractions;
using TgVault.Core.Crypto;
using TgVault.Core.Keys;
using TgVault.Core.Recovery;
using TgVault.Core.Rows;
using TgVault.Core.Rows.Sqlite;
using TgVault.Core.Settings;
using TgVault.Core.Storage;
using TgVault.Core.Telegram;

namespace TgVault.Core.Hosting;

/// <summary>What must be open before a vault can answer: its storage, and the key ring opened with the master secret.</summary>
public sealed class VaultFoundation
{
    VaultFoundation(StorageAccount? account, IRowStore rows, KeyRing keys)
    {
        Account = account;
        Rows = rows;
        Keys = keys;
    }

    /// <summary>Where blobs are; null where the vault keeps them in a folder, the one of <see cref="Rows"/>.</summary>
    internal StorageAccount? Account { get; }

    /// <summary>The container of the vault disposes of it, where it has to be.</summary>
    internal IRowStore Rows { get; }

    internal KeyRing Keys { get; }

    /// <summary>
    /// Opens the vault that the settings name. On the first run its keys are those of the library that its channel holds, or new ones where
    /// there is none. Slow on purpose: the key is derived from the master secret.
    /// </summary>
    /// <exception cref="StorageException">The vault's folder cannot be used; the message says why and what to do.</exception>
    /// <exception cref="VaultException">
    /// The master secret is not the one this vault was made with, nor made to follow that one. On the first run also: the channel could
    /// not be looked into, or its library not be read.
    /// </exception>
    public static Task<VaultFoundation> OpenAsync(VaultSettings settings, TimeProvider time, CancellationToken cancellationToken) =>
        OpenAsync(settings, mayMake: true, time, cancellationToken);

    /// <summary>Opens a vault that is there, in storage or channel; makes none.</summary>
    /// <exception cref="VaultException">There is none, or it cannot be opened; the message says why.</exception>
    public static Task<VaultFoundation> OpenExistingAsync(VaultSettings settings, TimeProvider time, CancellationToken cancellationToken) =>
        OpenAsync(settings, mayMake: false, time, cancellationToken);

    /// <summary>
    /// Looks for the newest catalogue in the first channel and pins it, unless one is pinned. Costs a message that is posted and deleted
    /// for every one it looks at, from the newest back.
    /// </summary>
    /// <returns>The message that was pinned; null where one was already. And how many documents on the way did not open, each of which may
    /// have been a newer catalogue.</returns>
    /// <exception cref="VaultException">There is none, or it does not open; the message says why.</exception>
    public static async Task<(int? Message, int Unreadable)> PinNewestCatalogueAsync(
        VaultSettings settings,
        Action<int> tell,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        using var telegram = new TelegramChunkStore(settings.Telegram, time, NullLogger<TelegramChunkStore>.Instance);
        var store = VaultServices.StackChunkStore(telegram, settings.Telegram, time);
        var secrets = SecretsOf(settings);
        using var pinned = await new PinnedCatalogue(store, telegram, time).OpenAsync(secrets, cancellationToken);
        if (pinned is not null)
            return (null, 0);
        using var messages = new ChannelMessages(settings.Telegram, time, NullLogger<ChannelMessages>.Instance);
        return await new CatalogueSearch(messages, store, telegram).PinNewestAsync(secrets, tell, cancellationToken);
    }

    static async Task<VaultFoundation> OpenAsync(
        VaultSettings settings,
        bool mayMake,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (StorageFolder.IsNamedBy(settings))
        {
            var store = SqliteRowStore.Open(settings.Storage, time);
            try
            {
                return new VaultFoundation(null, store, await OpenKeysAsync(store, settings, mayMake, time, cancellationToken));
            }
            catch
            {
                store.Dispose();
                throw;
            }
        }

        var account = StorageAccount.Connect(settings, time);
        var rows = new TableRowStore(account.Tables, account.Prefix);
        return new VaultFoundation(account, rows, await OpenKeysAsync(rows, settings, mayMake, time, cancellationToken));
    }

    static async Task<KeyRing> OpenKeysAsync(
        IRowStore rows,
        VaultSettings settings,
        bool mayMake,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var table = rows.Table(VaultTables.Vault);
        await table.CreateAsync(cancellationToken);
        // Telegram is asked only where nothing is stored yet: an ordinary start does not wait for it.
        if (
            await KeyRingTable.IsEmptyAsync(table, cancellationToken)
            && !await TryAdoptAnyAsync(table, settings, time, cancellationToken)
            && !mayMake
        )
            throw new VaultException(
                $"No catalogue of a vault is pinned in channel {settings.Telegram.Channels.FirstOrDefault()}, and the storage is empty: "
                    + "there is nothing to recover from. See to it that the first channel of the settings is the one the vault stored "
                    + "in; if "
                    + "its catalogue was unpinned, --search looks for it there."
            );
        return await KeyRingTable.OpenAsync(
            table,
            SecretsOf(settings),
            cancellation => FindPinnedKeyAsync(settings, time, cancellation),
            cancellationToken
        );
    }

    internal static MasterSecrets SecretsOf(VaultSettings settings) => new(settings.MasterSecret, settings.FormerMasterSecret);

    /// <summary>What the channel's catalogue says of its key: asked where a rotation of the master secret begins.</summary>
    static async Task<VaultKeyParameters?> FindPinnedKeyAsync(
        VaultSettings settings,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (settings.Telegram.Bots.IsEmpty || settings.Telegram.Channels.IsEmpty)
            return null;
        using var telegram = new TelegramChunkStore(settings.Telegram, time, NullLogger<TelegramChunkStore>.Instance);
        try
        {
            var store = VaultServices.StackChunkStore(telegram, settings.Telegram, time);
            return await new PinnedCatalogue(store, telegram, time).FindKeyAsync(cancellationToken);
        }
        catch (ChunkStoreException failure)
        {
            throw new VaultException(
                $"The master secret is to be rotated, and what is pinned in channel {settings.Telegram.Channels[0]} could not be seen: "
                    + $"{failure.Message} Nothing was changed. Mend that, and start again.",
                failure
            );
        }
    }

    /// <summary>From the channel, or, where it has nothing or cannot be asked, from a replica.</summary>
    static async Task<bool> TryAdoptAnyAsync(
        IRowTable table,
        VaultSettings settings,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        VaultException? notAsked = null;
        try
        {
            if (await TryAdoptAsync(table, settings, time, cancellationToken))
                return true;
        }
        catch (VaultException failure) when (failure.InnerException is ChunkStoreException && settings.Replicas.Length > 0)
        {
            notAsked = failure;
        }

        foreach (var replica in settings.Replicas)
        {
            var isAdopted = ReplicaPlaces.Create(replica) is { } place
                ? await Adoption.TryAdoptAsync(table, place, SecretsOf(settings), cancellationToken)
                : await TryAdoptChannelAsync(table, replica, settings, time, cancellationToken);
            if (isAdopted)
                return true;
        }

        return notAsked is null ? false : throw notAsked;
    }

    static async Task<bool> TryAdoptChannelAsync(
        IRowTable table,
        ReplicaSettings replica,
        VaultSettings settings,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        using var channel = ReplicaPlaces.OpenChannel(replica, settings.Telegram, time, NullLogger<TelegramChunkStore>.Instance);
        var pinned = new PinnedCatalogue(channel.Documents, channel.Pinboard, time);
        return await Adoption.TryAdoptAsync(table, pinned, SecretsOf(settings), isReplica: true, cancellationToken);
    }

    static async Task<bool> TryAdoptAsync(IRowTable table, VaultSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        // Checked settings name both; a vault that is put together by hand may keep its documents elsewhere.
        if (settings.Telegram.Bots.IsEmpty || settings.Telegram.Channels.IsEmpty)
            return false;
        using var telegram = new TelegramChunkStore(settings.Telegram, time, NullLogger<TelegramChunkStore>.Instance);
        var channel = new PinnedCatalogue(VaultServices.StackChunkStore(telegram, settings.Telegram, time), telegram, time);
        try
        {
            return await Adoption.TryAdoptAsync(table, channel, SecretsOf(settings), isReplica: false, cancellationToken);
        }
        catch (ChunkStoreException failure)
        {
            throw new VaultException(
                $"The storage is empty, and whether channel {settings.Telegram.Channels[0]} holds a library already could not be seen: "
                    + $"{failure.Message} Nothing was made. Mend that, and start again.",
                failure
            );
        }
    }
}
