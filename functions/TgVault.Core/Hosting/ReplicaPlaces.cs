using System.Text.RegularExpressions;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Logging;
using TgVault.Core.Chunks;
using TgVault.Core.Replicas;
using TgVault.Core.Replicas.Channel;
using TgVault.Core.Rows;
using TgVault.Core.Settings;
using TgVault.Core.Storage;
using TgVault.Core.Telegram;

namespace TgVault.Core.Hosting;

/// <summary>From a replica's settings to the place: what they must fulfil, and the one that they name.</summary>
static partial class ReplicaPlaces
{
    static readonly string[] Tiers = ["Hot", "Cool", "Cold", "Archive"];

    /// <summary>What is wrong with them, each in one sentence.</summary>
    public static IEnumerable<string> Check(VaultSettings settings)
    {
        for (var i = 0; i < settings.Replicas.Length; i++)
        {
            foreach (var problem in Check(settings, settings.Replicas[i], $"TgVault:Replicas:{i}"))
                yield return problem;
        }

        var folders = settings.Replicas.Where(replica => replica.Folder.Length > 0).ToList();
        if (folders.DistinctBy(replica => replica.Folder).Count() != folders.Count)
            yield return "TgVault:Replicas holds the same folder twice.";
        var containers = settings.Replicas.Where(replica => replica.Blobs.Length > 0).ToList();
        if (containers.DistinctBy(replica => (replica.Blobs, replica.Container)).Count() != containers.Count)
            yield return "TgVault:Replicas holds the same container twice.";
        var channels = settings.Replicas.Where(replica => replica.Channel != 0).ToList();
        if (channels.DistinctBy(replica => replica.Channel).Count() != channels.Count)
            yield return "TgVault:Replicas holds the same channel twice.";
    }

    /// <summary>The folder or container that checked settings name; null where they name a channel.</summary>
    public static IReplica? Create(ReplicaSettings settings) =>
        settings.Folder.Length > 0 ? new FolderReplica(settings.Folder)
        : settings.Blobs.Length > 0
            ? new BlobReplica(
                StorageAccount.TryConnectBlobs(settings.Blobs)!.GetBlobContainerClient(settings.Container),
                settings.Tier.Length > 0 ? new AccessTier(settings.Tier) : null
            )
        : null;

    /// <summary>The channel that checked settings name.</summary>
    /// <param name="telegram">The vault's own, whose bots are there unless it has others.</param>
    /// <param name="shared">The vault's table, by which all instances keep to one pace there, too.</param>
    public static ChannelStore OpenChannel(
        ReplicaSettings settings,
        TelegramSettings telegram,
        TimeProvider time,
        ILogger<TelegramChunkStore> logger,
        IDiscardedDocuments? discarded = null,
        IRowTable? shared = null,
        bool isAlone = false
    )
    {
        var there = telegram with
        {
            Bots = settings.Bots.IsEmpty ? telegram.Bots : settings.Bots,
            Channels = [settings.Channel],
            // What is lost there fails at every attempt, and there may be thousands.
            Attempts = Math.Min(telegram.Attempts, ReplicaServices.LooksAtLost),
        };
        var store = new TelegramChunkStore(there, time, logger, shared, isAlone) { Discarded = discarded, ChannelsSetting = "its Channel" };
        var retrying = VaultServices.StackChunkStore(store, there, time);
        var forwarding = settings.Bots.IsEmpty ? new RetryingForwarding(store, retrying) : null;
        return new ChannelStore(settings.Channel, retrying, store, store, store.Intents, forwarding, store.CheckAsync, store);
    }

    static IEnumerable<string> Check(VaultSettings settings, ReplicaSettings replica, string name)
    {
        var named = new[] { replica.Folder.Length, replica.Blobs.Length, replica.Channel }.Count(place => place != 0);
        if (named != 1)
            yield return $"{name} must name one place: a Folder (a full path, such as /mnt/disk/tgvault), Blobs (a storage connection "
                + "string, or the https URL of an account's blob endpoint), or a Channel (an id, -100...).";
        else if (replica.Channel != 0)
        {
            if (replica.Channel > 0)
                yield return $"{name}:Channel: a channel id is negative and begins with -100.";
            if (settings.Telegram.Channels.Contains(replica.Channel))
                yield return $"{name}:Channel is one of TgVault:Telegram:Channels: a copy needs another channel.";
            for (var i = 0; i < replica.Bots.Length; i++)
            {
                if (!VaultSettingsRules.IsToken(replica.Bots[i].Token) && !SecretRules.IsNone(replica.Bots[i].Token))
                    yield return $"{name}:Bots:{i}:Token is not a bot token: those look like 123456789:AA...";
            }
        }
        else if (replica.Blobs.Length > 0)
        {
            if (!SecretRules.IsNone(replica.Blobs) && StorageAccount.TryConnectBlobs(replica.Blobs) is null)
                yield return $"{name}:Blobs is no storage connection string with an account key, and no https URL of a blob endpoint.";
            if (!ContainerName().IsMatch(replica.Container))
                yield return $"{name}:Container must be the name of a container: 3 to 63 lower-case letters, digits and single hyphens.";
            if (replica.Tier.Length > 0 && !Tiers.Contains(replica.Tier))
                yield return $"{name}:Tier must be one of {string.Join(", ", Tiers)}, or empty for the account's own.";
        }
        else if (!Path.IsPathFullyQualified(replica.Folder))
            yield return $"{name}:Folder must be the full path of a folder, such as /mnt/disk/tgvault.";
        else if (StorageFolder.IsNamedBy(settings) && IsWithin(replica.Folder, settings.Storage))
            yield return $"{name}:Folder lies in the vault's own storage, or around it: name a folder elsewhere, on another disk best.";
    }

    static bool IsWithin(string folder, string storage)
    {
        var (one, other) = (Ended(folder), Ended(storage));
        return one.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(one, StringComparison.Ordinal);

        static string Ended(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)) + Path.DirectorySeparatorChar;
    }

    [GeneratedRegex("^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex ContainerName();
}
